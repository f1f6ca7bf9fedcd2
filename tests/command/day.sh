# A store's and a depot's day over HTTP, with real processes: deliveries, sales, counts, waste,
# stop-sale, the night, an order, a short pick, dispatch and receipt. Beside it a ledger is kept in
# shell, line by line, and in the end both sites' numbers must be the ledger's.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 3 --lines 120 --days 120 --seed 5 --out shop >/dev/null
store_id=S0002
depot_id=$(awk -F, -v id=$store_id '$1 == id { print $4 }' shop/sites.csv)
day=2026-06-15 # the sample ends the day before

# --- two sites, a manager at each -----------------------------------------------------------------
begin() { # KIND ID PEER: starts a site in the folder of its id, and enrols a manager
  "$STOCKADE" site --kind "$1" --id "$2" --data "$2" --listen 127.0.0.1:0 --plain --estate shop \
    --peer "$3/journal" --night-at $night_at --log "$2.log" >"$2.out" 2>"$2.err" &
  echo $! >"$2.pid"
  for _ in $(seq 200); do
    grep -q 'makes one' "$2.out" 2>/dev/null && break
    kill -0 "$(cat "$2.pid")" || die "$2 did not start: $(cat "$2.err")"
    sleep 0.1
  done
  sed -n 's/.* serves \(.*\)$/\1/p' "$2.out" >"$2.at"
  "$STOCKADE" enrol --at "$(cat "$2.at")" --key "$2.key" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$2.out")" >/dev/null
}
at() { # ID METHOD TARGET [BODY]
  local id=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$id.at")" --key "$id.key" "$@"
}
refused() { # NAME ID METHOD TARGET BODY: the site says no, by this name
  local name=$1 answer
  shift
  if answer=$(at "$@" 2>/dev/null); then die "$* was not refused"; fi
  [ "$(jq -r .type <<<"$answer")" = "/problems/$name" ] || die "$* was answered $answer"
}

# The ledger: a line for every movement of units on hand.
: >ledger
moved() { # ID PRODUCT UNITS
  echo "$1 $2 $3" >>ledger
}

begin store $store_id "$depot_id"
begin depot "$depot_id" $store_id
for id in $store_id "$depot_id"; do
  awk -F, -v id="$id" 'NR > 1 && $1 == id && $4 > 0 { print id, $2, $4 }' shop/stock.csv >>ledger
  at "$id" POST /v1/days "{\"day\":\"$day\"}" >/dev/null
done
refused day_open $store_id POST /v1/days "{\"day\":\"$day\"}"

# --- the store's morning --------------------------------------------------------------------------
# Three things that it has enough of and that keep; two of them are sold.
mapfile -t goods < <(awk -F, 'NR == FNR { if (FNR > 1 && $0 !~ /use_by/) keeps[$1] = 1; next }
  $1 == id && keeps[$2] && $4 >= 12 && $4 < 900 { print $2 }' \
  shop/products.csv id=$store_id shop/stock.csv | uniq | head -n 3)
[ ${#goods[@]} = 3 ] || die "the sample has too little stock: ${goods[*]}"
sale() { # UNITS UNITS
  at $store_id POST /v1/sales "{\"rows\":[
    {\"product\":\"${goods[0]}\",\"units\":$1,\"pence\":$((100 * $1))},
    {\"product\":\"${goods[1]}\",\"units\":$2,\"pence\":$((150 * $2))}]}" >/dev/null
  moved $store_id "${goods[0]}" "-$1"
  moved $store_id "${goods[1]}" "-$2"
}
sale 2 1
sale 1 3
sale 1 1
at $store_id POST /v1/returns/shelf \
  "{\"rows\":[{\"product\":\"${goods[1]}\",\"units\":1,\"pence\":150}]}" >/dev/null
moved $store_id "${goods[1]}" 1
at $store_id POST /v1/waste \
  "{\"rows\":[{\"product\":\"${goods[0]}\",\"units\":2,\"pence\":100}]}" >/dev/null
moved $store_id "${goods[0]}" -2
refused not_enough $store_id POST /v1/waste \
  "{\"rows\":[{\"product\":\"${goods[0]}\",\"units\":100000,\"pence\":0}]}"
refused line_unknown $store_id POST /v1/sales '{"rows":[{"product":"nothing","units":1,"pence":1}]}'

# A count finds three fewer than the ledger has.
known=$(awk -v id=$store_id -v product="${goods[1]}" '$1 == id && $2 == product { sum += $3 }
  END { print sum + 0 }' ledger)
counted=$(at $store_id POST /v1/counts \
  "{\"product\":\"${goods[1]}\",\"counted_units\":$((known - 3))}")
[ "$(jq .body.moved_units <<<"$counted")" = -3 ] || die "the count moved $counted"
moved $store_id "${goods[1]}" -3

# Stop-sale: tills refuse, the pull task is done, it is lifted.
stop=$(at $store_id POST /v1/stops "{\"product\":\"${goods[2]}\"}" | jq -r .number)
refused stop_sale $store_id POST /v1/sales \
  "{\"rows\":[{\"product\":\"${goods[2]}\",\"units\":1,\"pence\":99}]}"
at $store_id POST "/v1/stops/$stop/pull" '{"rows":[{"units":4}]}' >/dev/null
moved $store_id "${goods[2]}" -4
at $store_id POST "/v1/stops/$stop/lift" '{}' >/dev/null
at $store_id POST /v1/quarantine/release \
  "{\"rows\":[{\"product\":\"${goods[2]}\",\"units\":4,\"pence\":0}]}" >/dev/null
moved $store_id "${goods[2]}" 4

refused query_wrong $store_id GET '/v1/history?kind=nope'

# --- a supplier's delivery at the depot -----------------------------------------------------------
inbound=$(at "$depot_id" POST /v1/inbound "{\"supplier\":\"V001\",\"due\":\"$day\",\"rows\":[
  {\"product\":\"${goods[0]}\",\"units\":240}]}" | jq -r .number)
at "$depot_id" POST /v1/receipts "{\"source\":\"supplier\",\"advice\":\"$inbound\",
  \"paper\":\"DN 88123\",\"temperature\":40,
  \"rows\":[{\"product\":\"${goods[0]}\",\"accepted\":230,\"damaged\":10}]}" >/dev/null
moved "$depot_id" "${goods[0]}" 230

# --- the depot's own night ------------------------------------------------------------------------
night=$(at "$depot_id" POST /v1/nights '{}')
[ "$(jq .refused <<<"$night")" = 0 ] || die "the depot's night was refused something: $night"
proposed=$(at "$depot_id" GET "/v1/nights/$day" | jq '[.inbound[].lines[]] | length')
[ "$(jq .lines <<<"$night")" = "$proposed" ] || die "the depot's night does not tell its lines"

# --- the night, and the order ---------------------------------------------------------------------
at $store_id POST /v1/days/current/close '{}' >/dev/null
night=$(at $store_id POST /v1/nights '{}')
[ "$(jq .refused <<<"$night")" = 0 ] || die "the night was refused something: $night"
[ "$(jq .orders <<<"$night")" -gt 0 ] || die "the night proposed nothing: $night"
told=$(at $store_id GET "/v1/nights/$day")
jq -e '[.orders[].lines[] | (.reasons | length) >= 1 and (.reasons | length) <= 3] | all' \
  <<<"$told" >/dev/null || die "a proposal lacks its reasons"
# The largest order; its first line is changed by hand.
order=$(jq '[.orders[]] | max_by(.lines | length)' <<<"$told")
key=$(jq -c .key <<<"$order")
rows=$(jq -c '[.lines[] | {product, units}] | .[0].units += 1' <<<"$order")
at $store_id POST /v1/proposals/change \
  "{\"key\":$key,\"reason\":\"sold_out\",\"learn\":true,\"rows\":$rows}" >/dev/null
at $store_id GET /v1/proposals |
  jq -e --argjson key "$key" '.rows[] | select(.key == $key) | .answer.learn' >/dev/null ||
  die "the change is not kept as a lesson"
number=$(at $store_id POST /v1/orders/place "{\"key\":$key}" | jq -r .number)
delivery=$(jq -r .delivery <<<"$key") chain=$(jq -r .chain <<<"$key")

# --- the depot fills it ---------------------------------------------------------------------------
wave=$(at "$depot_id" POST /v1/waves \
  "{\"delivery\":\"$delivery\",\"chain\":\"$chain\",\"cut_off_ms\":4102444800000}" | jq -r .number)
at "$depot_id" POST /v1/fulfilments \
  "{\"key\":$key,\"order\":\"$number\",\"wave\":\"$wave\",\"rows\":$rows}" >/dev/null
at "$depot_id" POST "/v1/waves/$wave/close" '{}' >/dev/null
# What the depot has of it.
have=$(jq -r '.[] | "\(.product) \(.units)"' <<<"$rows" | awk -v id="$depot_id" '
  NR == FNR { if ($1 == id) have[$2] += $3; next }
  { units = $2 < have[$1] ? $2 : have[$1]; if (units > 0) print $1, units }' ledger -)
allocated=$(awk '{ printf "%s{\"product\":\"%s\",\"units\":%d}", (NR > 1 ? "," : ""), $1, $2 }' \
  <<<"$have")
at "$depot_id" POST /v1/fulfilments/allocate "{\"key\":$key,\"rows\":[$allocated]}" >/dev/null
at "$depot_id" POST /v1/fulfilments/release "{\"key\":$key}" >/dev/null
# What the list can give, one less of its first line; whatever differs from the allocation is typed
# back.
at "$depot_id" GET "/v1/fulfilments/0002/$delivery/1/$chain/pick-list" >pick-list
jq -r '.rows[] | "\(.product) \(.units)"' pick-list | awk '{ units[$1] += $2 } END {
  for (product in units) print product, units[product] }' | sort >listed
read -r short_product short_units <listed
short_units=$((short_units - 1))
shorts=$(awk -v product="$short_product" -v units=$short_units '
  NR == FNR { listed[$1] = $1 == product ? units : $2; next }
  listed[$1] + 0 < $2 {
    printf "%s{\"product\":\"%s\",\"units\":%d}", (n++ ? "," : ""), $1, listed[$1] }' \
  listed - <<<"$have")
at "$depot_id" POST /v1/fulfilments/pick "{\"key\":$key,\"shorts\":[$shorts]}" >picked
jq -r '.body.cargo[] | "\(.product) \(.units)"' picked >cargo
awk -v product="$short_product" '$1 == product { sum += $2 } END { print sum + 0 }' cargo |
  grep -qx "$short_units" || die "the short pick is not in the cargo"
while read -r product units; do moved "$depot_id" "$product" "-$units"; done <cargo
advice=$(at "$depot_id" POST /v1/fulfilments/dispatch \
  "{\"key\":$key,\"vehicle\":\"V1\",\"stop\":1}" | jq -r .number)

# --- the store receives it ------------------------------------------------------------------------
at $store_id POST /v1/days "{\"day\":\"$delivery\"}" >/dev/null
for _ in $(seq 100); do
  at $store_id GET /v1/advices | grep -q "$advice" && break
  sleep 0.1
done
first=$(sort cargo | awk 'NR == 1 { product = $1 } $1 == product { units += $2 }
  END { print product, units }')
read -r damaged_product damaged_units <<<"$first"
temperature=40
[ "$chain" != frozen ] || temperature=-190
at $store_id POST /v1/receipts "{\"source\":\"vehicle\",\"advice\":\"$advice\",
  \"temperature\":$temperature,\"rows\":[{\"product\":\"$damaged_product\",
  \"accepted\":$((damaged_units - 1)),\"damaged\":1}]}" >/dev/null
while read -r product units; do moved $store_id "$product" "$units"; done <cargo
moved $store_id "$damaged_product" -1
refused advice_received $store_id POST /v1/receipts \
  "{\"source\":\"vehicle\",\"advice\":\"$advice\",\"temperature\":$temperature,\"rows\":[]}"

# --- the numbers ----------------------------------------------------------------------------------
lines_of() { # ID: product and units on hand of every line
  local after="" page
  while :; do
    page=$(at "$1" GET "/v1/lines?limit=100${after:+&after=$after}")
    jq -r '.rows[] | "\(.product) \(.on_hand_units)"' <<<"$page"
    after=$(jq -r '.next // empty' <<<"$page")
    [ -n "$after" ] || break
  done
}
total=0
for id in $store_id "$depot_id"; do
  lines_of "$id" | sort >"$id.lines"
  awk -v id="$id" 'NR == FNR { if ($1 == id) units[$2] += $3; next } { print $1, units[$1] + 0 }' \
    ledger "$id.lines" >"$id.expected"
  diff "$id.expected" "$id.lines" >&2 || die "$id: the numbers are not the ledger's"
  total=$((total + $(wc -l <"$id.lines")))
done
[ $total -gt 100 ] || die "only $total lines were compared"

# --- a clean end, and the evidence ----------------------------------------------------------------
kill "$(cat $store_id.pid)" "$(cat "$depot_id.pid")"
wait
"$STOCKADE" verify $store_id/journal "$depot_id/journal" >/dev/null
"$STOCKADE" trace --product "$damaged_product" "$depot_id/journal" $store_id/journal >trace
grep -q "order_dispatched" trace || die "the trace lacks the dispatch: $(cat trace)"
grep -q "$advice" trace || die "the trace lacks the advice: $(cat trace)"
echo "$total lines as the ledger has them"
