# A shift at a till with real processes: a store, and a till that dials it. Sales for
# cash and by card, a kill in the middle of a card payment, a store that is away; in the end every
# receipt is in the till's journal once, and the store's shelf is fewer by exactly what they say.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 2 --lines 60 --days 60 --seed 5 --out shop >/dev/null
. "$SOURCE_DIR/tests/command/sites.sh"

# Something that is sold by the piece, to anybody, with a price of its own.
column() { # FILE NAME: the number of a column
  head -n 1 "$1" | tr , '\n' | grep -nx "$2" | cut -d: -f1
}
measure=$(column shop/products.csv measure) age=$(column shop/products.csv age_rule)
goods=$(awk -F, -v m="$measure" -v a="$age" -v p="$(column shop/products.csv unit_price)" \
  'NR == FNR { if (FNR > 1 && $1 == "S0001" && $4 > 20) has[$2] = 1; next }
   FNR > 1 && has[$1] && $m != "g" && $a == "" && $p > 0.5 && $p < 5 { print $1 }' \
  shop/stock.csv <(sed 's/"[^"]*"/name/g' shop/products.csv) | head -n 1)
[ -n "$goods" ] || die "the sample has nothing to sell"

add store 0001 store
add till 0701 till
"$STOCKADE" roster sign roster --key anna.key >/dev/null
begin_store() { start store store S0001 --estate shop; }
begin_store
enrol store
begin_till() {
  start till till T0701 --tables shop --store S0001 --dial "$(way_to store 0001)"
}
begin_till
says till.err 'PAYMENTS ARE SIMULATED'
enrol till
on_shelf() { at store GET "/v1/lines/$goods" | jq .on_hand_units; }
before=$(on_shelf)

# A colleague at the till; the manager lets him in.
"$STOCKADE" enrol --at "$(cat till.at)" --pin "$(cat till.pin)" --key colleague.key \
  --code "$(at till POST /v1/codes '{"role":"colleague"}' | jq -r .code)" >/dev/null
sell() { PERSON=colleague.key at till "$@"; }
refused() { # NAME METHOD TARGET BODY
  local name=$1 answer
  shift
  if answer=$(sell "$@" 2>/dev/null); then die "$* was not refused"; fi
  [ "$(jq -r .type <<<"$answer")" = "/problems/$name" ] || die "$* was answered $answer"
}
scan() { sell POST /v1/till/basket/items "{\"product\":\"$goods\",\"units\":$1}"; }
: >receipts
complete() {
  sell POST /v1/till/basket/complete >done.json
  jq -r '.receipt' done.json >>receipts
}
by_card() { # STATE: asks for all that is left, and waits until it stands so
  sell POST /v1/till/basket/tenders/card '{}' >/dev/null
  wait_until 20 "sell GET /v1/till/basket | jq -e '.tenders[-1].state == \"$1\"' >/dev/null"
}

refused till_not_open POST /v1/till/basket/tenders/cash '{"pence":1000}'
sell POST /v1/till/drawer '{"verb":"open","pence":10000}' >/dev/null

# --- cash, then a card ----------------------------------------------------------------------------
scan 1 >basket.json
price=$(jq .to_pay_pence basket.json)
scan 1 >basket.json
total=$(jq .to_pay_pence basket.json)
# What the store stops is not sold at its till as long as it is stopped.
stopped() { sell GET /v1/till/basket | jq "(.hindrances | length) > 0"; }
stopping=$(at store POST /v1/stops "{\"product\":\"$goods\"}" | jq -r .body.number)
pause=1 wait_until 30 '[ "$(stopped)" = true ]'
refused basket_refused POST /v1/till/basket/tenders/cash '{"pence":1000}'
at store POST "/v1/stops/$stopping/lift" >/dev/null
pause=1 wait_until 30 '[ "$(stopped)" = false ]'
refused not_paid POST /v1/till/basket/complete
sell POST /v1/till/basket/tenders/cash "{\"pence\":$((total + 100))}" >/dev/null
complete
[ "$(jq .change_pence done.json)" = 100 ] || die "change: $(cat done.json)"
jq -r '.text[]' done.json >receipt.txt
says receipt.txt 'VAT number'
says receipt.txt 'Change'

scan 1 >/dev/null
by_card approved
complete
jq -r '.text[]' done.json >receipt.txt
says receipt.txt '************0000'

# --- killed with a card that has paid and no sale -------------------------------------------------
scan 1 >/dev/null
by_card approved
payment=$(sell GET /v1/till/basket | jq -r '.tenders[0].payment')
kill -9 "$(cat till.pid)"
wait "$(cat till.pid)" 2>/dev/null || true
begin_till
[ "$(sell GET /v1/till/basket | jq '.lines | length')" = 0 ] || die "a basket outlived its till"
# The payment is taken back, and that is in the journal.
wait_until 20 "at till GET '/v1/history?kind=payment_moved&limit=20' |
  jq -e --arg it $payment '[.rows[].body | select(.payment == \$it) | .verb] |
    index(\"confirm_reversal\")' >/dev/null"

# --- no line: at our own risk, and the store is away ----------------------------------------------
stop store
touch till/terminal.no_line
scan 1 >/dev/null
by_card stored
complete
jq -r '.text[]' done.json >receipt.txt
says receipt.txt 'taken without asking the bank'
[ "$(sell GET /v1/till | jq .stored_count)" = 1 ] || die "nothing is stored"
rm till/terminal.no_line

# --- what needs a second person -------------------------------------------------------------------
refund="\"way\":\"cash\",\"reason\":\"goods_faulty\""
refund+=",\"items\":[{\"product\":\"$goods\",\"pence\":$price}]"
refused second_missing POST /v1/till/refunds "{$refund}"
sell POST /v1/till/refunds "{\"receipt\":\"$(head -n 1 receipts)\",$refund}" >done.json
jq -r '.text[]' done.json >refund.txt
says refund.txt 'REFUND'
refused over_refund POST /v1/till/refunds \
  "{\"receipt\":\"$(tail -n 1 receipts)\",\"way\":\"cash\",\"reason\":\"test\",\"items\":[
    {\"product\":\"$goods\",\"units\":2,\"pence\":$((price + 1))}]}"

# --- Z: the colleague counts blind ----------------------------------------------------------------
sell POST /v1/till/drawer '{"verb":"read"}' >x.json
if grep -q expected x.json; then die "X tells what should be there"; fi
sell POST /v1/till/drawer "{\"verb\":\"count\",\"pence\":$((10000 + total - price))}" >count.json
jq -e '.report[] | select(.name == "over" and .value == "0.00")' count.json >/dev/null ||
  die "the count: $(cat count.json)"
sell POST /v1/till/drawer '{"verb":"close"}' >z.json
[ "$(jq -r .drawer z.json)" = closed ] || die "$(cat z.json)"
jq -e '.report[] | select(.name == "sales" and .value == "3")' z.json >/dev/null ||
  die "Z: $(cat z.json)"

# --- the store comes back and books the goods, once -----------------------------------------------
port=$(sed 's/.*://' store.at) begin_store
want=$((before - 2 - 1 - 1 + 1))
pause=1.5 wait_until 60 "[ \"\$(on_shelf)\" = $want ]"
sleep 3
[ "$(on_shelf)" = "$want" ] || die "the shelf moved again: $(on_shelf), wanted $want"
while read -r receipt; do
  rows=$(at till GET "/v1/history?document=$receipt&kind=sale_made" | jq '.rows | length')
  [ "$rows" = 1 ] || die "$receipt stands $rows times in the journal"
done <receipts
stop till
stop store
expect 0 verify till/journal
expect 0 verify store/journal
