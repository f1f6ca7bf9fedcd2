# An online site and a store that speak over the network alone: each holds the other's journal, an
# order is charged with its VAT at the pick, and what a store refunds that cannot ask is granted
# once by the order's own site.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
for program in age age-keygen jq; do
  command -v $program >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done
. "$SOURCE_DIR/tests/command/shop.sh"

before_the_night
"$STOCKADE" sample --stores 2 --lines 120 --days 120 --seed 5 \
  --last-day "$(date -d yesterday +%F)" --out shop >/dev/null
. "$SOURCE_DIR/tests/command/sites.sh"
age-keygen --output identity 2>/dev/null
grep -o 'age1[a-z0-9]*' identity >recipients
expect 0 cards key --out card.key --sealed card.key.age --recipients recipients
add store 0001 store
add web 9501 online
"$STOCKADE" roster sign roster --key anna.key >/dev/null
begin_store() { start store store S0001 --estate shop --card-key card.key --card-owner 9901; }
begin_web() { # by the store's way to it
  start web online web-1 --tables shop --store S0001 --outbox none --dial "$(way_to store 0001)"
}
begin_store
enrol store
begin_web
enrol web
grep -q '^tables: ' web.out || die "$(cat web.out)"

# --- allotted, sold, picked -----------------------------------------------------------------------
at store POST /v1/days "{\"day\":\"$(date +%F)\"}" >/dev/null
standard=$(awk -F, '$2 == "standard" { print $1 }' shop/vat_codes.csv)
product=$(awk -F, -v standard="$standard" '
  BEGIN { split(standard, list, "\n"); for (i in list) taxed[list[i]] = 1 }
  NR == FNR { if (FNR > 1 && !/use_by/ && taxed[$1]) keeps[$1] = 1; next }
  $1 == "S0001" && keeps[$2] && $4 >= 12 && $4 < 900 { print $2; exit }' \
  shop/products.csv shop/stock.csv)
[ -n "$product" ] || die "the sample has nothing that fits"
at store POST /v1/allotments "{\"holder\":\"9501\",\"product\":\"$product\",\"units\":9}" >/dev/null
pause=1.5 wait_until 60 \
  "guest GET /catalogue | jq -e '[.rows[].available[].units] == [9]' >/dev/null"
read -r order _ <<<"$(order "$product" 3)"
state() {
  at store GET /v1/parcels | jq -r --arg n "$order" '.rows[] | select(.order == $n).state'
}
pause=1.5 wait_until 60 '[ "$(state)" = expected ]'
# The last of the three is not there.
at store POST /v1/parcels/pack \
  "{\"order\":\"$order\",\"shorts\":[{\"product\":\"$product\",\"units\":2}],\"substitutes\":[]}" \
  >/dev/null
price=$(guest GET /catalogue | jq '.rows[0].price_pence')
paid=$((2 * price)) total=$((3 * price))
books() {
  at web GET /v1/ledger |
    jq -c '[.card_receivable // 0, .sales // 0, .vat // 0, .refunds // 0]'
}
vat=$(python3 -c "print((2 * $paid * 2000 + 12000) // 24000)")
pause=1.5 wait_until 60 "[ \"\$(books)\" = [$paid,$((vat - paid)),-$vat,0] ]" || die "$(books)"

# --- the line is cut: the store refunds on its own what it has heard of, and no more --------------
stop web
refund() { # PENCE
  at store POST /v1/cards/refund-elsewhere \
    "{\"order\":\"$order\",\"pence\":$1,\"reason\":\"goods_faulty\"}"
}
if refund $((total + 1)) >said 2>/dev/null; then die "more than was ever paid"; fi
refund "$paid" >receipt.json || die "$(cat receipt.json)"
[ "$(at store GET /v1/ledger | jq .exposure)" = "$paid" ] || die "no exposure is booked"
jq -r '.text[]' receipt.json | grep -q "^code $(jq -r .code receipt.json)" || die "no paper"
begin_web
pause=1.5 wait_until 60 "[ \"\$(books)\" = [$paid,$((vat - paid)),0,$((paid - vat))] ]"
open() { at store GET /v1/ledger | jq -c '[.exposure, .loss]'; }
pause=1.5 wait_until 60 '[ "$(open)" = "[null,null]" ]'
if at web POST "/v1/online-orders/$order/refund" '{"pence":1}' >said 2>/dev/null; then
  die "refunded twice"
fi
for site in store web; do
  stop $site
  expect 0 verify $site/journal
done
