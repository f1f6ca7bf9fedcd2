# The centre is gone for good, with real processes over TLS: every command of
# docs/operating/depot-evening.md, and the change of roster of centre-lost.md. Tills sell without a
# break; the centre is killed and its disk wiped; stores count and plan; the depot fills from one
# store's journal, another's file, a sheet that is typed, and for a silent one from the standing
# order, sends a lorry, and the store unloads it; the centre is made anew and proved; and what it
# ordered, before and after, comes late.
# Takes as long as it is until the cut-off: five minutes, and one more.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'touch closing; kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT
now=$(date +%s)
day=$(date -d "@$now" +%F)
cut_off_s=$(((now + 30) / 60 * 60 + 300)) emergency_s=$((cut_off_s - 120))
if [ "$(date -d "@$((cut_off_s + 180))" +%F)" != "$day" ]; then
  sleep 520
  exec bash -euo pipefail "$0"
fi
at_minute() { date -d "@$1" +%H:%M; }

"$STOCKADE" sample --stores 6 --lines 40 --days 120 --seed 5 \
  --last-day "$(date -d "$day -1 day" +%F)" --out shop >/dev/null
# One depot, every store, every evening, on the shelf the next day.
depot=D01
stores=$(awk -F, -v depot=$depot '$2 == "store" && $4 == depot { print $1 }' shop/sites.csv |
  head -n 4)
read -r heard filed typed silent <<<"$(tr '\n' ' ' <<<"$stores")"
[ -n "$silent" ] || die "the sample has too few stores of $depot: $stores"
awk -F, -v at="$(at_minute $cut_off_s)" 'BEGIN {
    print "site,chain,order_weekday,drop,source,deliver_weekday,on_shelf_from,cut_off" }
  $2 == "store" { split("ambient chilled frozen", chains, " ")
    for (c in chains) for (d = 1; d <= 7; d++)
      printf "%s,%s,%d,1,%s,%d,06:00,%s\n", $1, chains[c], d, $4, d % 7 + 1, at }' \
  shop/sites.csv >deliveries && mv deliveries shop/deliveries.csv
printf 'date,site,state\n' >shop/site_calendar.csv
# Customers' waves have a cut-off of their own, in the night.
sed -i 1q shop/customer_orders.csv

# --- an estate with a roster ----------------------------------------------------------------------
. "$SOURCE_DIR/tests/command/sites.sh"
code_of() { # ID
  case $1 in
    D*) echo 90"${1#D}" ;;
    C*) echo 9901 ;;
    *) echo "${1#S}" ;;
  esac
}
add C0001 9901 centre
add $depot "$(code_of $depot)" depot
for store in $stores; do add "$store" "$(code_of "$store")" store; done
"$STOCKADE" roster sign roster --key anna.key >/dev/null

refused() { # NAME ID METHOD TARGET BODY
  local name=$1
  shift
  if at "$@" >answer 2>answer.err; then die "$name was expected of $*"; fi
  grep -q "/problems/$name" answer answer.err || die "$name expected: $(cat answer answer.err)"
}

# --- tills ----------------------------------------------------------------------------------------
# One till a store sells one unit after another. What got no answer it sends again under its number;
# a line of ID.sold is a sale that was acknowledged: number and time.
open_till() { # ID
  awk -F, -v id="$1" '$1 == id && $4 > most { most = $4; product = $2 } END { print product }' \
    shop/stock.csv >"$1.product"
  on_hand "$1" >"$1.opening"
  "$STOCKADE" enrol --at "$(cat "$1.at")" --pin "$(cat "$1.pin")" --key "$1.till" \
    --code "$(at "$1" POST /v1/codes '{"role":"device"}' | jq -r .code)" >/dev/null
  sell_on "$1" &
  echo $! >"$1.seller"
}
on_hand() { # ID: of what its till sells
  at "$1" GET "/v1/lines/$(cat "$1.product")" | jq .on_hand_units
}
sell_on() { # ID
  local number=1
  local sale="{\"rows\":[{\"product\":\"$(cat "$1.product")\",\"units\":1,\"pence\":99}]}"
  until [ -e closing ]; do
    if "$STOCKADE" call --at "$(cat "$1.at")" --pin "$(cat "$1.pin")" --device-key "$1.till" \
      --sequence $number POST /v1/sales --body "$sale" >"$1.answer" 2>&1 ||
      grep -q /problems/already_done "$1.answer"; then
      echo "$number $EPOCHREALTIME" >>"$1.sold"
      number=$((number + 1))
    fi
    sleep 0.2
  done
}

# Beside them something that asks no site: it pauses where the machine does.
beat() {
  until [ -e closing ]; do
    "$STOCKADE" --version >/dev/null
    echo "beat $EPOCHREALTIME" >>beats
    sync beats
    sleep 0.2
  done
}
beat &
echo $! >beats.pid

# --- the centre's last night ----------------------------------------------------------------------
start C0001 centre C0001 --estate shop
enrol C0001
at C0001 POST /v1/days "{\"day\":\"$day\"}" >/dev/null
start $depot depot $depot --estate shop --dial "$(way_to C0001 9901)"
enrol $depot
at $depot POST /v1/days "{\"day\":\"$day\"}" >/dev/null
start_store() { # ID OPTION...
  local id=$1
  shift
  start "$id" store "$id" --estate shop --emergency-at "$(at_minute $emergency_s)" "$@"
}
for store in $stores; do
  ways=(--dial "$(way_to C0001 9901)")
  [ "$store" != "$heard" ] || ways+=(--dial "$(way_to $depot "$(code_of $depot)")")
  start_store "$store" "${ways[@]}"
  enrol "$store"
  at "$store" POST /v1/days "{\"day\":\"$day\"}" >/dev/null
  open_till "$store"
done
plan_estate() { # FOLDER: of a centre
  local night
  night=$(at "$1" POST /v1/nights '{}')
  [ "$(jq .refused <<<"$night")" = 0 ] || die "the centre's night: $night"
}
has_document() { # ID EPOCH: of the centre
  [ -n "$(find "$1/copies/9901-$2/documents" -type f 2>/dev/null)" ]
}
plan_estate C0001
for id in $depot $stores; do wait_until 60 "has_document $id 1"; done
wait_until 60 "at $depot GET /v1/waves | jq -e '.rows | length > 20' >/dev/null"

# What the centre wants for the silent store: an order that will come late.
delivery=$(date -d "$day +1 day" +%F)
standing_of() { # EPOCH: of the centre, for the silent store; in standing.EPOCH
  "$STOCKADE" sheet standing "$depot/copies/9901-$1" --store "$(code_of "$silent")" \
    --roster roster >"standing.$1"
  says "standing.$1" "standing order of $day"
}
standing_of 1
read -r first_chain second_chain _ <<<"$(awk -v day="$delivery" '
  $1 == day && !/: 0 lines/ { printf "%s ", $4 }' standing.1) -"
[ "$second_chain" != - ] || die "the standing order has too few chains: $(cat standing.1)"
order_of() { # EPOCH CHAIN: what that centre wants for the silent store, as the store says it
  awk -v day="$delivery" -v chain="$2" '
    $1 ~ /-/ { is_it = $1 == day && $4 == chain; next } is_it { print $1, $2 }' "standing.$1" |
    jq -Rnc --arg store "$(code_of "$silent")" --arg depot "$(code_of $depot)" \
      --arg day "$delivery" --arg chain "$2" \
      '{key: {store: $store, depot: $depot, delivery: $day, drop: 1, chain: $chain},
        rows: [inputs | split(" ") | {product: .[0], units: (.[1] | tonumber)}]}'
}

# Somebody writes down what the estate comes to.
held_by() { # ID: holds all that the centre has signed
  [ "$(entries "$1/copies/9901-1")" = "$(entries C0001/journal)" ]
}
for id in $depot $silent $heard; do wait_until 60 "held_by $id"; done
written_down() {
  "$STOCKADE" rebuild --from C0001 --roster roster --json >before.json 2>/dev/null &&
    [ "$(jq -c '[.journals[] | select(.verdict == "proven")] | length' before.json)" = 6 ]
}
wait_until 60 written_down
jq -r '.journals[] | "\(.origin) \(.entries)"' before.json >sizes

# --- it burns down; the stores count, and plan for themselves -------------------------------------
kill -9 "$(cat C0001.pid)"
mv C0001.at burnt.at
rm -rf C0001
# The silent one signs what nobody else hears of before its lines and its power go.
knows_more() {
  [ "$(entries "$silent/journal")" -gt "$(entries "$depot/copies/$(code_of "$silent")-1")" ]
}
wait_until 60 knows_more
kill -9 "$(cat "$silent.pid")"
for store in $heard $filed $typed; do
  at "$store" POST /v1/counts "{\"product\":\"$(cat "$store.product")\",
    \"counted_units\":500}" | jq .body.moved_units >"$store.counted"
  at "$store" POST /v1/nights '{}' >/dev/null
done
[ "$(date +%s)" -lt $emergency_s ] || die "this machine is too slow for the hour that was set"
for store in $heard $filed $typed; do
  wait_until 240 "ls $store/emergency/*/sheet.pdf >/dev/null 2>&1"
done

# --- the depot's door -----------------------------------------------------------------------------
code=$(at $depot POST /v1/codes '{"role":"depot"}' | jq -r .code)
"$STOCKADE" enrol --at "$(cat $depot.at)" --pin "$(cat $depot.pin)" --key desk.person \
  --code "$code" >/dev/null
export PERSON=desk.person
for folder in "$filed"/emergency/*/; do
  sealed=$(base64 -w0 "$folder/order.sealed")
  at $depot POST /v1/told-orders "{\"sealed\":\"$sealed\"}" |
    jq -e '.path == "sealed"' >/dev/null ||
    die "$folder was not taken"
  refused order_known $depot POST /v1/told-orders "{\"sealed\":\"$sealed\"}"
  codes=$(jq -R . "$folder/codes.txt" | jq -sc .)
  refused order_known $depot POST /v1/told-orders "{\"codes\":$codes}"
done
altered=$(head -c -1 "$folder/order.sealed" | base64 -w0)
refused order_not_believed $depot POST /v1/told-orders "{\"sealed\":\"$altered\"}"
spoken=0
for folder in "$typed"/emergency/*/; do
  [ -e "$folder/typed.txt" ] || continue
  text=$(jq -Rs . "$folder/typed.txt")
  refused call_back_missing $depot POST /v1/told-orders "{\"typed\":$text}"
  at $depot POST /v1/told-orders \
    "{\"typed\":$text,\"called_back\":{\"at_ms\":$(date +%s)000}}" >answer 2>answer.err ||
    { grep -q order_over_cap answer answer.err && continue; die "$(cat answer answer.err)"; }
  jq -e '.path == "typed"' answer >/dev/null || die "$(cat answer)"
  spoken=$((spoken + 1))
done
[ $spoken -gt 0 ] || die "no sheet of $typed was typed"

# --- the cut-off ----------------------------------------------------------------------------------
pause=5 # each look is a sign-in, and those are counted
is_closed() {
  at $depot GET /v1/waves | jq -e --arg day "$delivery" \
    '[.rows[] | select(.delivery == $day)] | length > 0 and all(.is_closed)' >/dev/null
}
wait_until 400 is_closed
of_state() { # STATE: whose deliveries are in it
  jq --arg state "$1" '[.rows[] | select(.state == $state)] | length'
}
wait_until 60 "[ \$(at $depot GET /v1/fulfilments | of_state picking) -gt 3 ]"
at $depot GET '/v1/fulfilments?limit=500' >fulfilments
at $depot GET '/v1/told-orders?limit=500' >told
of() { # STORE JQ: of its fulfilments for the delivery
  jq -r --arg store "$(code_of "$1")" --arg day "$delivery" \
    ".rows[] | select(.key.store == \$store and .key.delivery == \$day) | $2" fulfilments
}
for store in $stores; do
  [ -n "$(of "$store" .order)" ] || die "$store gets nothing: $(cat fulfilments)"
  [ "$(of "$store" '"\(.key.chain)"' | sort | uniq -d)" = "" ] || die "$store is filled twice"
done
of "$silent" .order | grep -qv "^$(code_of $depot)-" && die "$silent was heard?"
for store in $heard $filed; do
  of "$store" .order | grep -qv "^$(code_of "$store")-" && die "$store was not heard"
done
[ "$(jq '[.rows[] | select(.path == "standing")] | length' told)" -gt 0 ] || die "no standing order"
chain=$(of "$silent" .key.chain | head -n 1)
at $depot GET "/v1/fulfilments/$(code_of "$silent")/$delivery/1/$chain/pick-list" |
  jq -e .rows >/dev/null

# --- picked, loaded, driven, unloaded: still no centre --------------------------------------------
for store in $stores; do : >"$store.received"; done
for chain in $(of "$heard" .key.chain); do
  key=$(of "$heard" "select(.key.chain == \"$chain\") | .key | @json")
  at $depot POST /v1/fulfilments/pick "{\"key\":$key,\"shorts\":[]}" |
    jq -r '.body.cargo[] | "\(.product) \(.units)"' >cargo
  [ -s cargo ] || continue
  advice=$(at $depot POST /v1/fulfilments/dispatch "{\"key\":$key,\"vehicle\":\"V1\",\"stop\":1}" |
    jq -r .number)
  echo "$chain $advice" >>loaded
  cat cargo >>"$heard.received"
done
[ -s loaded ] || die "nothing of $heard was dispatched: $(cat fulfilments)"
at $depot GET "/v1/load-sheets?vehicle=V1&delivery=$delivery" >load-sheet
[ "$(jq '[.. | objects | select(has("store"))] | length' load-sheet)" -gt 0 ] ||
  die "the load sheet is $(cat load-sheet)"
unset PERSON
while read -r chain advice; do
  wait_until 60 "at $heard GET /v1/advices | grep -q $advice"
  temperature=40
  [ "$chain" != frozen ] || temperature=-190
  at "$heard" POST /v1/receipts "{\"source\":\"vehicle\",\"advice\":\"$advice\",
    \"temperature\":$temperature,\"rows\":[]}" >/dev/null
  refused advice_received "$heard" POST /v1/receipts "{\"source\":\"vehicle\",
    \"advice\":\"$advice\",\"temperature\":$temperature,\"rows\":[]}"
done <loaded
PERSON=desk.person at $depot GET '/v1/fulfilments?limit=500' >fulfilments

# --- the centre is made anew ----------------------------------------------------------------------
pause=1
"$STOCKADE" journal key centre.key --name stockade/sample/9901/2 >centre.vkey
cp roster next
"$STOCKADE" roster add next --key centre.vkey --role centre --from "$day"
"$STOCKADE" roster sign next --key anna.key >/dev/null
cp next roster
gather=(--key centre.key --gathered gathered --roster roster)
for id in $depot $heard $filed $typed; do
  wait_until 60 "[ \"\$(roster_of $id)\" = 'in_use 2' ]" || die "$(cat "$id.err")"
  gather+=(--from "$(way_to "$id" "$(code_of "$id")")")
done
# What is left of the silent store's disk shows that there was more.
mkdir salvaged sticks
cp -r "$silent/journal" "salvaged/$silent"
segment=$(ls "$silent"/journal/segment-* | tail -n 1)
LC_ALL=C sed '$s/\x00*$//' "$segment" | head -c -6000 >"salvaged/$silent/$(basename "$segment")"
"$STOCKADE" rebuild "${gather[@]}" --from salvaged --json >look.json
jq -e --arg lost "stockade/sample/$(code_of "$silent")/1" '.missing == [] and
  (.lost | map(.origin) == [$lost]) and all(.lost[]; .first < .behind)' look.json >/dev/null ||
  die "the look is $(cat look.json)"
# A disk that can be read is found after all.
"$STOCKADE" journal archive "$silent/journal" "sticks/$silent" --key "$silent/site.key" >/dev/null
"$STOCKADE" rebuild "${gather[@]}" --from sticks --data centre >rebuilt
says rebuilt 'goes on with what counts of its latest journal'
"$STOCKADE" rebuild --from centre/copies --roster roster --at sizes --json >after.json
[ "$(jq -r .digest before.json)" = "$(jq -r .digest after.json)" ] ||
  die "the rebuilt estate is another one: $(cat sizes after.json)"
port=$(sed 's,.*:,,' burnt.at) start centre centre C0001 --estate shop
enrol centre

# --- what it had ordered comes late: answered, not doubled ----------------------------------------
# A store that heard its depot would not even place its order; this one does before it hears it.
before=$(jq -c '[.rows[] | [.key, .order]] | sort' fulfilments)
start_store "$silent"
at "$silent" POST /v1/orders "$(order_of 1 "$first_chain")" >/dev/null
late=$(at "$silent" POST /v1/orders/place "$(order_of 1 "$first_chain" | jq -c '{key}')" |
  jq -r .number)
at "$silent" POST /v1/nights '{}' >/dev/null
wait_until 90 "[ \$(at $silent GET /v1/orders | of_state placed) -gt 1 ]"
stop "$silent"
start_store "$silent" --dial "$(way_to centre 9901)" \
  --dial "$(way_to $depot "$(code_of $depot)")"
answered() { # JQ: of the answers to the silent store's late orders
  PERSON=desk.person at $depot GET '/v1/history?kind=order_refused' |
    jq -e --arg store "$(code_of "$silent")" \
      "[.rows[].body | select(.key.store == \$store)] | $1" >/dev/null
}
wait_until 90 "answered 'any(.order == \"$late\" and .why == \"cycle_already_ordered\")'"

# The new centre plans the same day once more, and wants the same deliveries: nobody fills them
# again, and the store that would have them placed is told.
plan_estate centre
for id in $depot $stores; do wait_until 90 "has_document $id 2"; done
standing_of 2
heard_of_depot() { # what the silent store has
  [ "$(entries "$silent/copies/$(code_of $depot)-1")" = "$(entries $depot/journal)" ]
}
wait_until 60 heard_of_depot
refused picking_started "$silent" POST /v1/orders "$(order_of 2 "$second_chain")"
same() {
  PERSON=desk.person at $depot GET '/v1/fulfilments?limit=500' >fulfilments &&
    [ "$before" = "$(jq -c '[.rows[] | [.key, .order]] | sort' fulfilments)" ]
}
same || die "a late order changed something: $before, $(cat fulfilments)"

# --- every sale that was acknowledged, and no other -----------------------------------------------
sales_in() { # JOURNAL ID
  "$STOCKADE" trace --product "$(cat "$2.product")" "$1" | grep -c ' sale ' || true
}
touch closing
for store in $stores; do wait "$(cat "$store.seller")"; done
wait "$(cat beats.pid)"
for store in $stores; do
  sold=$(wc -l <"$store.sold")
  [ "$sold" -gt 20 ] || die "$store sold $sold"
  came=$(awk -v product="$(cat "$store.product")" '$1 == product { units += $2 }
    END { print units + 0 }' "$store.received")
  expected=$(($(cat "$store.opening") - sold + came + \
    $(cat "$store.counted" 2>/dev/null || echo 0)))
  [ "$(on_hand "$store")" = $expected ] || die "$store has $(on_hand "$store"), not $expected"
  for journal in "$store/journal" "centre/copies/$(code_of "$store")-1"; do
    wait_until 60 "[ \$(sales_in $journal $store) = $sold ]"
  done
done
longest() { # FILE: most seconds between two of its lines
  awk 'NR > 1 && $2 - before > most { most = $2 - before } { before = $2 }
    END { print most }' "$1"
}
pauses=$(for store in $heard $filed $typed; do longest "$store.sold"; done | sort -n | tail -n 1)
# A sale is several times the work of a beat, and waits for as much longer while others compute.
machine=$(longest beats)
awk -v most="$pauses" -v machine="$machine" '
  BEGIN { late = machine > 0.5 ? machine - 0.5 : 0; exit !(most <= 2 + 4 * late) }' ||
  die "a store paused for $pauses s, the machine for $machine s"
echo "$(jq '.rows | length' fulfilments) deliveries filled once, $(wc -l <loaded) unloaded," \
  "$(cat ./*.sold | wc -l) sales, longest pause $pauses s"
