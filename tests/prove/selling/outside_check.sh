# Selling as others see it: redocly lints the contract, the traffic of an online order's and a
# parcel's whole life goes through Prism's validating proxy, and a scanner reads the labels.
. tests/prove/lib.sh
work=$PWD/build/prove/selling-outside
rm -rf "$work"
mkdir -p "$work"
. tests/prove/prism.sh
redocly_row

today=$(date +%F) tomorrow=$(date -d tomorrow +%F)
"$STOCKADE" sample --stores 3 --lines 60 --days 70 --out "$work/estate" >/dev/null
mkdir -p "$work/web/journal"
(cd "$work" && age-keygen -o identity 2>/dev/null && age-keygen -y identity >recipients &&
  "$STOCKADE" cards key --out card.key --sealed card.key.age --recipients recipients >/dev/null &&
  "$STOCKADE" cards codes --count 2 --out codes >/dev/null)
serve shop --kind store --id S0001 --estate "$work/estate" --peer "$work/web/journal" \
  --card-key "$work/card.key" --card-owner 9901
serve web --kind online --id web-1 --peer "$work/shop/journal"
proxy_before shop
proxy_before web

# What a store gives, an online site sells.
through shop 0 POST /v1/days "{\"day\":\"$today\"}"
through shop 0 GET '/v1/lines?limit=2'
milk=$(answer '.rows[0].product') bread=$(answer '.rows[1].product')
for product in "$milk" "$bread"; do
  through shop 0 POST /v1/counts "{\"product\":\"$product\",\"counted_units\":50}"
  through shop 0 POST /v1/allotments "{\"holder\":\"9501\",\"product\":\"$product\",\"units\":20}"
done
through shop 3 POST /v1/allotments '{"holder":"9501","product":"nothing","units":1}'
through shop 0 GET /v1/allotments
through web 0 POST /v1/slots \
  "{\"store\":\"0001\",\"day\":\"$tomorrow\",\"from_minute\":600,\"to_minute\":660,
    \"capacity_orders\":5}"
through web 0 GET /v1/slots
slot=$(answer '.rows[0].number')
for _ in $(seq 60); do
  through web 0 GET /v1/shop/catalogue
  [ "$(answer '[.rows[] | select(.available | length > 0)] | length')" = 2 ] && break
  sleep 0.5
done
through web 0 GET '/v1/shop/catalogue?limit=1'
through web 0 GET /v1/allotments

basket= order=
fill_basket() { # OPTION
  through web 0 POST /v1/shop/baskets '{"store":"0001"}'
  basket=/v1/shop/baskets/$(answer .basket)
  through web 0 POST "$basket/items" "{\"product\":\"$milk\",\"units\":2}"
  through web 0 POST "$basket/items" "{\"product\":\"$bread\",\"units\":1}"
  through web 0 PUT "$basket/address" \
    '{"name":"A Guest","street":"1 High Street","town":"Leeds","postcode":"LS1 1AA",
      "email":"guest@example.org"}'
  through web 0 GET "$basket/options"
  through web 0 PUT "$basket/option" "{\"option\":\"$1\",\"takes_substitutes\":true}"
  through web 0 GET "$basket"
}
buy() { # OPTION: a whole order, in $order
  fill_basket "$1"
  through web 0 POST "$basket/payment"
  through web 0 GET "$basket/payment"
  through web 0 POST "$basket/place"
  order=$(answer .order)
  through web 0 POST /v1/shop/order-status "{\"order\":\"$order\",\"postcode\":\"ls1 1aa\"}"
}
# Guests' mistakes.
through web 3 POST /v1/shop/baskets '{"store":"8999"}'
through web 3 GET /v1/shop/baskets/0123456789abcdef0123456789abcdef
fill_basket collect
through web 3 POST "$basket/items" '{"product":"nothing","units":1}'
through web 3 POST "$basket/items" "{\"product\":\"$milk\",\"units\":900}"
through web 3 PUT "$basket/option" '{"option":"tomorrow","takes_substitutes":false}'
through web 3 PUT "$basket/address" \
  '{"name":"A Guest","street":"","town":"","postcode":"-","email":""}'
through web 3 POST "$basket/place"
through web 3 POST /v1/shop/order-status '{"order":"9501-1-9-68","postcode":"LS1 1AA"}'

until_seen() { # ORDER: the store has heard of the order
  for _ in $(seq 60); do
    "$STOCKADE" call --at "$(cat "$work/shop.at")" --key "$work/shop.key" \
      POST /v1/parcels --body "{\"order\":\"$1\"}" >/dev/null 2>&1 && break
    through shop 0 GET /v1/parcels
    [ "$(answer "[.rows[] | select(.order == \"$1\")] | length")" = 1 ] && break
    sleep 0.5
  done
}
until_state() { # STATE: the order comes to it by itself
  for _ in $(seq 60); do
    through web 0 GET /v1/online-orders
    [ "$(answer "[.rows[] | select(.number == \"$order\") | .state] | first")" = "$1" ] && return
    sleep 0.5
  done
  echo "$order does not become $1" >&2
  broken=$((broken + 1))
}
# Collected: short of one, held for a while, handed over.
buy collect
until_seen "$order"
named="\"order\":\"$order\""
through shop 0 POST /v1/parcels/pack "{$named,\"shorts\":[{\"product\":\"$milk\",\"units\":1}]}"
through shop 0 GET "/v1/parcels/pick-list"
"$STOCKADE" call --at "$(cat "$work/shop.at")" --key "$work/shop.key" \
  GET "/v1/parcels/$order/label?ambient=2&chilled=1" >"$work/parcel.html"
collected=$order
through shop 0 POST /v1/parcels/ready "{$named}"
until_state picked
through shop 0 POST /v1/parcels/hold "{$named}"
through shop 3 POST /v1/parcels/lapse "{$named}"
through shop 0 POST /v1/parcels/lift "{$named}"
through shop 0 POST /v1/parcels/hand-over "{$named,\"by\":\"photo_id\"}"
through shop 3 POST /v1/parcels/hand-over "{$named,\"by\":\"photo_id\"}"
until_state completed
through web 0 POST "/v1/online-orders/$order/refund" '{"pence":1}'
# Delivered; cancelled; refused.
buy "$slot"
through web 0 POST "/v1/online-orders/$order/cancel"
through web 3 POST "/v1/online-orders/$order/cancel"
through web 3 POST "/v1/online-orders/$order/refund" '{"pence":1}'
through shop 3 POST /v1/parcels '{"order":"9501-1-9-68"}'
# What the online site gives back is the store's again.
through web 0 POST /v1/allotments/return "{\"store\":\"0001\",\"product\":\"$bread\",\"units\":1}"
through shop 3 POST /v1/allotments/end '{"holder":"9501","product":"nothing","units":1}'

# --- a till: a sale for cash, by card, by gift card, what is refused, a refund, and Z -------------
serve centre --kind centre --id C01 --card-key "$work/card.key" --card-owner 9901
serve till --kind till --id T0701 --tables "$work/estate" --store S0001 \
  --card-key "$work/card.key" --card-owner 9901 --peer "$work/centre/journal"
proxy_before centre
proxy_before till
basket=/v1/till/basket
through till 0 GET /v1/till
through till 3 POST "$basket/tenders/cash" '{"pence":500}'
through till 0 POST /v1/till/drawer '{"verb":"open","pence":10000}'
column() { head -n 1 "$work/estate/products.csv" | tr , '\n' | grep -nx "$1" | cut -d: -f1; }
goods() { # AGE: a product that is sold by the piece and has, or has not, an age
  sed 's/"[^"]*"/name/g' "$work/estate/products.csv" | awk -F, -v m="$(column measure)" \
    -v a="$(column age_rule)" -v p="$(column unit_price)" -v aged="$1" \
    'NR > 1 && $m != "g" && ($a != "") == aged && $p > 0.5 { print $1; exit }'
}
plain=$(goods 0) aged=$(goods 1)
through till 0 POST "$basket/items" "{\"product\":\"$plain\",\"units\":3}"
through till 3 POST "$basket/items" '{"code":"4006381333932"}'
through till 3 POST "$basket/items" '{"code":"4006381333931"}'
through till 0 POST "$basket/lines/0/price" '{"pence":40,"reason":"price_wrong"}'
through till 0 POST "$basket/items" "{\"product\":\"$plain\"}"
through till 0 POST "$basket/lines/1/void" '{"reason":"scanned_wrong"}'
through till 3 POST "$basket/complete"
through till 0 POST "$basket/park"
through till 0 GET /v1/till
through till 0 POST "/v1/till/baskets/$(answer '.parked[0]')/recall"
through till 3 PUT "$basket/card" '{"number":"123"}'
if [ -n "$aged" ]; then
  through till 0 POST "$basket/items" "{\"product\":\"$aged\"}"
  through till 3 POST "$basket/tenders/cash" '{"pence":5000}'
  through till 0 PUT "$basket/age" '{"years":18,"passed":true}'
fi
through till 3 POST "$basket/offers" '{"offer":"none","step":"suspend"}'
through till 0 POST "$basket/tenders/cash" '{"pence":1}'
through till 0 POST "$basket/tenders/$(answer '.tenders[0].tender')/take-back"
through till 0 POST "$basket/tenders/card" '{}'
for _ in $(seq 40); do
  through till 0 GET "$basket"
  [ "$(answer '.tenders[-1].state')" = asked ] || break
  sleep 0.5
done
through till 0 POST "$basket/complete"
receipt=$(answer .receipt)
through till 0 POST "/v1/till/receipts/$receipt/copy"
through till 3 POST /v1/till/receipts/0701-1-1-12/copy
refund="\"way\":\"cash\",\"reason\":\"goods_faulty\""
refund+=",\"items\":[{\"product\":\"$plain\",\"pence\":40}]"
through till 0 POST /v1/till/refunds "{\"receipt\":\"$receipt\",$refund}"
through till 3 POST /v1/till/refunds "{$refund}"
# A card is sold here and waits for its owner; another one is the centre's.
through till 0 POST "$basket/vouchers" '{"kind":"gift_card","pence":1000}'
through till 0 DELETE "$basket/vouchers/0"
through till 0 POST "$basket/vouchers" '{"kind":"gift_card","pence":1000}'
through till 0 POST "$basket/tenders/cash" '{"pence":1000}'
through till 0 POST "$basket/complete"
sold=$(answer '.text[]' | grep -oE '[2-9A-Z]{4}(-[2-9A-Z]{4}){4}' | head -n 1 || true)
code=$(sed -n 1p "$work/codes") other=$(sed -n 2p "$work/codes")
through till 0 POST "$basket/items" "{\"product\":\"$plain\"}"
through till 3 POST "$basket/tenders/gift-card" "{\"code\":\"$other\"}"
through till 3 POST "$basket/tenders/gift-card" '{"code":"4242424242424242"}'
if [ -n "$sold" ]; then
  through till 0 POST "$basket/tenders/gift-card" "{\"code\":\"$sold\",\"pence\":10}"
  through till 0 POST /v1/cards/balance "{\"code\":\"$sold\"}"
fi
through till 3 POST "$basket/void" '{"reason":"cannot_pay"}'
through till 0 GET "$basket"
for tender in $(answer '.tenders[].tender'); do
  through till 0 POST "$basket/tenders/$tender/take-back"
done
through till 0 POST "$basket/void" '{"reason":"cannot_pay"}'
for verb in '"no_sale","reason":"change_needed"' '"ask_change"' '"read"' '"count","pence":10960' \
  '"close"'; do
  through till 0 POST /v1/till/drawer "{\"verb\":$verb}"
done

# --- the owner of cards ---------------------------------------------------------------------------
card="{\"code\":\"$code\"}"
through centre 0 POST /v1/cards/activate "{\"code\":\"$code\",\"kind\":\"gift_card\",
  \"pence\":2500,\"site\":\"0042\",\"document\":\"0042-1-1-98\"}"
through centre 0 POST /v1/cards/balance "$card"
through centre 3 POST /v1/cards/balance "{\"code\":\"$other\"}"
through centre 0 POST /v1/cards/look "$card"
digest=$(answer .card)
through centre 0 POST /v1/cards/holds \
  "{\"code\":\"$code\",\"pence\":1000,\"site\":\"0042\",\"minutes\":30}"
hold=$(answer .body.hold)
through centre 0 POST /v1/cards/holds/capture \
  "{\"hold\":\"$hold\",\"pence\":400,\"receipt\":\"0042-1-1-98\"}"
through centre 0 POST /v1/cards/holds/release "{\"hold\":\"$hold\"}"
through centre 3 POST /v1/cards/holds/release "{\"hold\":\"$hold\"}"
through centre 0 POST /v1/cards/credit \
  "{\"code\":\"$code\",\"pence\":100,\"site\":\"0042\",\"refund\":\"0042-1-2-95\"}"
through centre 0 GET /v1/cards
through centre 0 GET /v1/cards/losses
through centre 0 POST /v1/cards/freeze "{\"card\":\"$digest\"}"
through centre 0 POST /v1/cards/thaw "{\"card\":\"$digest\"}"
through centre 0 POST /v1/cards/stop "{\"card\":\"$digest\"}"
through centre 3 POST /v1/cards/thaw "{\"card\":\"$digest\"}"

# --- a store that cannot ask, and the limits of selling -------------------------------------------
serve desk --kind store --id S0003 --card-key "$work/card.key" --card-owner 9901
proxy_before desk
through desk 0 POST /v1/days "{\"day\":\"$today\"}"
elsewhere="\"order\":\"$collected\",\"reason\":\"goods_faulty\""
through shop 0 POST /v1/cards/refund-elsewhere "{$elsewhere,\"pence\":1}"
through shop 3 POST /v1/cards/refund-elsewhere "{$elsewhere,\"pence\":99999}"
through desk 3 POST /v1/cards/refund-elsewhere "{$elsewhere,\"pence\":20}"
through desk 0 GET /v1/ledger
through web 0 GET /v1/ledger
through till 0 GET /v1/ledger
through desk 0 GET /v1/limits
cp "$work/answer" "$work/limits"
through desk 3 POST /v1/limits "$(cat "$work/limits")"
through desk 0 POST /v1/codes '{"role":"device","site":"0701"}'
through desk 3 POST /v1/codes '{"role":"planner","site":"0701"}'

# --- labels, as a scanner sees them ---------------------------------------------------------------
through shop 0 POST /v1/lot-corrections \
  "{\"product\":\"$milk\",\"to\":{\"expiry\":\"$tomorrow\"},\"units\":5}"
through shop 0 POST /v1/reductions \
  "{\"product\":\"$milk\",\"expiry\":\"$tomorrow\",\"pence\":5,\"units\":3}"
reduction=$(answer .number)
ean=2100012001236
"$STOCKADE" call --at "$(cat "$work/shop.at")" --key "$work/shop.key" \
  GET "/v1/reductions/$reduction/label?code=$ean" >"$work/reduction.html"
scanned() { # FILE: what a scanner reads of each drawing of a page
  awk '/<svg/ { on = 1 } on { print > (file sprintf("%02d.svg", n)) } /<\/svg>/ { on = 0; n++ }' \
    file="$work/drawn-" <(sed 's/<svg/\n<svg/g; s,</svg>,</svg>\n,g' "$1")
  local drawn
  for drawn in "$work"/drawn-*.svg; do
    rsvg-convert -d 300 -p 300 -b white "$drawn" -o "$drawn.png"
    zbarimg --raw -q "$drawn.png" 2>/dev/null || echo nothing
  done
  rm -f "$work"/drawn-*
}
of_parcel=$(scanned "$work/parcel.html" | sort | uniq -c | tr -s ' ' | tr '\n' ';')
of_reduction=$(scanned "$work/reduction.html")
labels=FAIL
if [ "$of_parcel" = " 3 $collected;" ] && [ "$of_reduction" = "$ean" ]; then labels=pass; fi
row "labels read by zbarimg" "parcel:${of_parcel:- nothing} reduction: ${of_reduction:-nothing}" \
  "$collected on each of three labels, $ean" \
  "$labels" \
  "GET /v1/parcels/NUMBER/label, /v1/reductions/NUMBER/label; rsvg-convert; zbarimg"

row "traffic through Prism's validating proxy" "$asked asked, $broken outside the contract" "0" \
  "$(verdict "$broken == 0 && $asked >= 60")" "prism proxy --errors api/openapi.yaml"
