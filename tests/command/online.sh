# An online order from its allotment to the hand-over with two real processes, a store and an online
# site that is killed on the way: the store expects, cancels and takes back by itself, the customer
# is told each thing once, and nobody finds who ordered after that was erased.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 2 --lines 120 --days 120 --seed 5 \
  --last-day "$(date -d yesterday +%F)" --out shop >/dev/null

begin() { # NAME KIND ID PEER OPTION...: starts a site, and enrols a manager where there is none
  local name=$1 kind=$2 id=$3 peer=$4
  shift 4
  "$STOCKADE" site --kind "$kind" --id "$id" --data "$name" --listen 127.0.0.1:0 --plain \
    --estate-name sample --peer "$peer/journal" --log "$name.log" "$@" >"$name.out" 2>"$name.err" &
  echo $! >"$name.pid"
  wait_until 60 "grep -q '^key:' $name.out"
  sed -n 's/.* serves \(.*\)$/\1/p' "$name.out" >"$name.at"
  [ -e "$name.key" ] || "$STOCKADE" enrol --at "$(cat "$name.at")" --key "$name.key" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$name.out")" >/dev/null
}
at() { # NAME METHOD TARGET [BODY]
  local name=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$name.at")" --key "$name.key" "$@"
}
begin_web() { begin web online web-1 store --outbox mailbox:post --outbox-from shop@example.org; }
. "$SOURCE_DIR/tests/command/shop.sh"

# --- the store gives units of two lines -----------------------------------------------------------
begin store store S0001 web --estate shop --night-at $night_at
today=$(date +%F)
at store POST /v1/days "{\"day\":\"$today\"}" >/dev/null
mapfile -t goods < <(awk -F, 'NR == FNR { if (FNR > 1 && !/use_by/) keeps[$1] = 1; next }
  $1 == "S0001" && keeps[$2] && $4 >= 12 && $4 < 900 { print $2 }' \
  shop/products.csv shop/stock.csv | uniq | head -n 2)
[ ${#goods[@]} = 2 ] || die "the sample has too little stock: ${goods[*]}"
for product in "${goods[@]}"; do
  at store POST /v1/allotments \
    "{\"holder\":\"9501\",\"product\":\"$product\",\"units\":6}" >/dev/null
done
begin_web
wait_until 60 "guest GET /catalogue | jq -e '[.rows[].available[].units] == [6, 6]' >/dev/null"

# --- two guests -----------------------------------------------------------------------------------
read -r kept code <<<"$(order "${goods[0]}" 2)"
read -r dropped _ <<<"$(order "${goods[0]}" 1)"
state() { at store GET /v1/parcels | jq -r --arg n "$1" '.rows[] | select(.order == $n).state'; }

# --- the store hears of them by itself ------------------------------------------------------------
wait_until 60 '[ "$(state "$kept") $(state "$dropped")" = "expected expected" ]'
at store GET /v1/parcels/pick-list | jq -e '[.zones[].rows[].units] | add == 3' >/dev/null ||
  die "the pick list is wrong"
at web POST "/v1/online-orders/$dropped/cancel" >/dev/null
wait_until 60 '[ "$(state "$dropped")" = returned ]'

# --- packed, ready, held, lifted; the online site is killed meanwhile -----------------------------
at store POST /v1/parcels/pack "{\"order\":\"$kept\",\"shorts\":[],\"substitutes\":[]}" >/dev/null
at store GET "/v1/parcels/$kept/label" | grep -q "aria-label=\"$kept\"" || die "no label"
told() { # NOTICE: it lies in the mailbox
  compgen -G "post/new/$kept.$1.*.eml" >/dev/null
}
wait_until 60 'told placed'
kill -9 "$(cat web.pid)"
at store POST /v1/parcels/ready "{\"order\":\"$kept\"}" >/dev/null
begin_web
wait_until 60 'told ready'
at store POST /v1/parcels/hold "{\"order\":\"$kept\"}" >/dev/null
wait_until 60 'told held'
kill -9 "$(cat web.pid)"
begin_web
at store POST /v1/parcels/lift "{\"order\":\"$kept\"}" >/dev/null
wait_until 60 '[ "$(ls post/new | grep -c "^$kept.ready")" = 2 ]'
proof=$(printf %s "$code" | python3 -c 'import base64, hashlib, sys
print(base64.b64encode(hashlib.sha256(sys.stdin.buffer.read()).digest()).decode())')
at store POST /v1/parcels/hand-over "{\"order\":\"$kept\",\"by\":\"code\",\"code\":\"$proof\"}" \
  >/dev/null
wait_until 60 "at web GET /v1/online-orders | jq -e --arg n $kept \
  '.rows[] | select(.number == \$n).state == \"completed\"' >/dev/null"
sleep 2

# --- each thing was told once, to an address and nobody's name ------------------------------------
ls post/new | sed "s/^$kept/KEPT/; s/^$dropped/DROPPED/" | cut -d. -f1,2 | sort >notices
sort <<'NOTICES' | is notices
KEPT.placed
KEPT.ready
KEPT.held
KEPT.ready
DROPPED.placed
DROPPED.cancelled
NOTICES
grep -L '^To: <ada@example.org>' post/new/*.eml | { ! grep .; } || die "a message to nobody"
if grep -rl 'Ada\|High Street' post; then die "a name in a message"; fi
[ "$(stat -c %a post/new/*.eml | sort -u)" = 600 ] || die "others can read the messages"
if grep -l 'ada@example.org' web.log web.out web.err store.log 2>/dev/null; then
  die "an address in a log"
fi

# --- erased: neither asked for nor found ----------------------------------------------------------
status() { guest POST /order-status "{\"order\":\"$1\",\"postcode\":\"LS1 1AA\"}" | jq -r .type; }
wait_until 30 "at web DELETE /v1/online-orders/$kept/personal-data >/dev/null 2>&1"
[ "$(status "$kept")" = /problems/order_unknown ] || die "the order is known still"
if ls post/new | grep "^$kept"; then die "messages stay"; fi
at web DELETE "/v1/online-orders/$dropped/personal-data" >/dev/null
[ "$(ls post/new | wc -l)" = 0 ] || die "messages stay"
