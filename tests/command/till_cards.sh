# A gift card at a till whose owner answers, refuses, and is gone: the centre holds, and captures as
# it reads of the sale in the till's journal, however late; nothing is taken for a sale that is not
# there.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
for program in age age-keygen jq; do
  command -v $program >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done

before_the_night
"$STOCKADE" sample --stores 2 --lines 60 --days 60 --seed 5 --out shop >/dev/null
. "$SOURCE_DIR/tests/command/sites.sh"
age-keygen --output identity 2>/dev/null
grep -o 'age1[a-z0-9]*' identity >recipients
expect 0 cards key --out card.key --sealed card.key.age --recipients recipients
expect 0 cards codes --count 2 --out codes
code=$(sed -n 1p codes) other=$(sed -n 2p codes)

add centre 9901 centre
add till 0701 till
"$STOCKADE" roster sign roster --key anna.key >/dev/null
start centre centre C01 --card-key card.key --card-owner 9901
enrol centre
begin_till() {
  start till till T0701 --tables shop --store S0001 --card-key card.key --card-owner 9901 \
    --card-owner-at "$(cat centre.at)" --card-owner-pin centre.pin --card-owner-device till.device \
    --dial "$(way_to centre 9901)"
}
invited=$(at centre POST /v1/codes '{"role":"device","site":"0701"}' | jq -r .code)
"$STOCKADE" enrol --at "$(cat centre.at)" --pin centre.pin --key till.device \
  --code "$invited" >/dev/null
begin_till
enrol till
at centre POST /v1/cards/activate "{\"code\":\"$code\",\"kind\":\"gift_card\",\"pence\":2500,
  \"site\":\"0042\",\"document\":\"0042-1-1-98\"}" >/dev/null
pence() { at centre POST /v1/cards/balance "{\"code\":\"$code\"}" | jq .pence; }

at till POST /v1/till/drawer '{"verb":"open","pence":10000}' >/dev/null
priced=$(sed 's/"[^"]*"/name/g' shop/products.csv | awk -F, '
  NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
  $at["measure"] != "g" && $at["age_rule"] == "" && $at["unit_price"] > 0.5 { print $1; exit }')
scan() { at till POST /v1/till/basket/items "{\"product\":\"$priced\"}" | jq .to_pay_pence; }
by_gift_card() { # CODE [PENCE]
  at till POST /v1/till/basket/tenders/gift-card "{\"code\":\"$1\",\"pence\":${2:-0}}"
}

# --- the owner answers ----------------------------------------------------------------------------
price=$(scan)
by_gift_card "$code" >basket.json
[ "$(jq -c '[.left_pence, .tenders[0].kind]' basket.json)" = '[0,"gift_card"]' ] ||
  die "$(cat basket.json)"
[ "$(pence)" = $((2500 - price)) ] || die "the owner holds nothing"
at till POST /v1/till/basket/complete >done.json
sums() { at centre GET /v1/cards | jq -c '[.gift_card_pence, .held_pence, .loss_pence]'; }
pause=1.5 wait_until 60 "[ \"\$(sums)\" = [$((2500 - price)),0,0] ]" || die "$(sums)"
[ "$(pence)" = $((2500 - price)) ] || die "captured otherwise than held"

# --- taken back: the card has its money again -----------------------------------------------------
scan >/dev/null
by_gift_card "$code" >basket.json
tender=$(jq '.tenders[0].tender' basket.json)
at till POST "/v1/till/basket/tenders/$tender/take-back" >/dev/null
wait_until 10 "[ \"\$(pence)\" = $((2500 - price)) ]"

# --- refused by the owner, and by what a code is --------------------------------------------------
refused() { # NAME CODE
  if by_gift_card "$2" >said 2>/dev/null; then die "$2 was taken"; fi
  [ "$(jq -r .type said)" = "/problems/$1" ] || die "$2 was answered $(cat said)"
}
refused move_not_listed "$other"
wrong=${code%?}$([ "${code: -1}" = 2 ] && echo 3 || echo 2)
refused card_code_check "$wrong"
refused card_number_shown 4242424242424242
card=$(at centre POST /v1/cards/look "{\"code\":\"$code\"}" | jq -r .card)
at centre POST /v1/cards/freeze "{\"card\":\"$card\"}" >/dev/null
if by_gift_card "$code" >said 2>/dev/null; then die "a frozen card was taken"; fi
at centre POST /v1/cards/thaw "{\"card\":\"$card\"}" >/dev/null

# --- held, and then the owner is gone: the sale is made, and captured once it is heard ------------
by_gift_card "$code" >basket.json
stop centre
at till POST /v1/till/basket/complete >done.json
scan >/dev/null

# --- the owner is gone: what was heard of it says what may be taken unasked -----------------------
by_gift_card "$code" >basket.json
[ "$(jq -r '.tenders[0].kind' basket.json)" = gift_card_offline ] || die "$(cat basket.json)"
at till POST "/v1/till/basket/tenders/$(jq '.tenders[0].tender' basket.json)/take-back" >/dev/null
if by_gift_card "$other" >said 2>/dev/null; then die "taken from nobody"; fi
at till POST /v1/till/basket/tenders/cash "{\"pence\":$price}" >/dev/null
at till POST /v1/till/basket/complete >done.json

# --- back again: the till asks it after its ten seconds -------------------------------------------
port=$(sed 's/.*://' centre.at) start centre centre C01 --card-key card.key --card-owner 9901
scan >/dev/null
asked() { # the owner, not unasked
  by_gift_card "$code" >basket.json
  [ "$(jq -r '.tenders[0].kind' basket.json)" = gift_card ] && return
  at till POST "/v1/till/basket/tenders/$(jq '.tenders[0].tender' basket.json)/take-back" >/dev/null
  return 1
}
pause=2 wait_until 60 asked
at till POST /v1/till/basket/complete >done.json
pause=1.5 wait_until 120 "[ \"\$(sums)\" = [$((2500 - 3 * price)),0,0] ]"

# --- an answer that comes too late: the owner holds for a till that went on without it ------------
scan >/dev/null
ended() { at centre GET '/v1/history?kind=hold_ended' | jq '.rows | length'; }
ended_before=$(ended)
kill -STOP "$(cat centre.pid)"
by_gift_card "$code" >basket.json
kill -CONT "$(cat centre.pid)"
[ "$(jq -r '.tenders[0].kind' basket.json)" = gift_card_offline ] || die "$(cat basket.json)"
at till POST "/v1/till/basket/tenders/$(jq '.tenders[0].tender' basket.json)/take-back" >/dev/null
at till POST /v1/till/basket/void '{"reason":"cannot_pay"}' >/dev/null
pause=2 wait_until 60 '[ "$(ended)" -gt "$ended_before" ]'
[ "$(sums)" = "[$((2500 - 3 * price)),0,0]" ] || die "$(sums)"
if grep -rqF -- "$code" till.log till.err centre.log centre.err till centre; then
  die "a code stands where it must not"
fi
stop till
expect 0 verify till/journal
