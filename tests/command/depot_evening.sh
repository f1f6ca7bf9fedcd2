# The evening of a depot whose centre is gone, with real processes over TLS: every command of
# docs/operating/depot-evening.md. One store's order comes over the network, one as a file, one on a
# sheet that is typed; one store is silent. Takes as long as it is until the cut-off: five minutes.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT
now=$(date +%s)
day=$(date -d "@$now" +%F) cut_off_s=$((now / 60 * 60 + 300)) emergency_s=$((now / 60 * 60 + 180))
[ "$(date -d "@$cut_off_s" +%F)" = "$day" ] || { sleep 360; exec bash -euo pipefail "$0"; }
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
"$STOCKADE" roster key anna.key --name anna >anna.vkey
"$STOCKADE" roster init roster --estate sample --threshold 1 --approver anna.vkey
code_of() { # ID
  case $1 in
    D*) echo 90"${1#D}" ;;
    C*) echo 9901 ;;
    *) echo "${1#S}" ;;
  esac
}
add() { # ID ROLE
  mkdir -p "$1"
  "$STOCKADE" journal key "$1/site.key" --name "stockade/sample/$(code_of "$1")/1" >"$1.vkey"
  "$STOCKADE" roster add roster --key "$1.vkey" --role "$2" --from "$day"
}
add C0001 centre
add $depot depot
for store in $stores; do add "$store" store; done
"$STOCKADE" roster sign roster --key anna.key >/dev/null

start() { # KIND ID OPTION...
  local kind=$1 id=$2
  shift 2
  "$STOCKADE" site --kind "$kind" --id "$id" --data "$id" --listen 127.0.0.1:0 --estate shop \
    --estate-name sample --roster roster --night-at 23:59 --log "$id.log" "$@" \
    >"$id.out" 2>"$id.err" &
  echo $! >"$id.pid"
  wait_until 60 "grep -q '^key: ' $id.out" || die "$(cat "$id.err")"
  sed -n 's/.* serves \(.*\)$/\1/p' "$id.out" >"$id.at"
  sed -n 's/^key: //p' "$id.out" >"$id.pin"
}
way_to() { echo "$(code_of "$1")@$(sed 's,.*//,,' "$1.at")"; }
enrol() { # ID
  "$STOCKADE" enrol --at "$(cat "$1.at")" --pin "$(cat "$1.pin")" --key "$1.person" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$1.out")" >/dev/null
}
at() { # ID METHOD TARGET [BODY]: as the person of the site
  local id=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$id.at")" --pin "$(cat "$id.pin")" \
    --key "${PERSON:-$id.person}" "$@"
}
refused() { # NAME ID METHOD TARGET BODY
  local name=$1
  shift
  if at "$@" >answer 2>answer.err; then die "$name was expected of $*"; fi
  grep -q "/problems/$name" answer answer.err || die "$name expected: $(cat answer answer.err)"
}

# --- the centre's last night ----------------------------------------------------------------------
start centre C0001
enrol C0001
at C0001 POST /v1/days "{\"day\":\"$day\"}" >/dev/null
start depot $depot --dial "$(way_to C0001)"
enrol $depot
at $depot POST /v1/days "{\"day\":\"$day\"}" >/dev/null
for store in $stores; do
  ways=(--dial "$(way_to C0001)")
  [ "$store" != "$heard" ] || ways+=(--dial "$(way_to $depot)")
  start store "$store" "${ways[@]}" --emergency-at "$(at_minute $emergency_s)"
  enrol "$store"
  at "$store" POST /v1/days "{\"day\":\"$day\"}" >/dev/null
done
night=$(at C0001 POST /v1/nights '{}')
[ "$(jq .refused <<<"$night")" = 0 ] || die "the centre's night: $night"
has_document() { [ -n "$(find "$1/copies/9901-1/documents" -type f 2>/dev/null)" ]; }
for id in $depot $stores; do wait_until 60 "has_document $id"; done
wait_until 60 "at $depot GET /v1/waves | jq -e '.rows | length > 20' >/dev/null"

# --- it burns down; the stores plan for themselves ------------------------------------------------
kill -9 "$(cat C0001.pid)"
kill -9 "$(cat "$silent.pid")"
for store in $heard $filed $typed; do at "$store" POST /v1/nights '{}' >/dev/null; done
[ "$(date +%s)" -lt $emergency_s ] || die "this machine is too slow for the hour that was set"
for store in $heard $filed $typed; do
  wait_until 240 "ls $store/emergency/*/sheet.pdf >/dev/null 2>&1"
done
sleep 2

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
delivery=$(date -d "$day +1 day" +%F)
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

# --- who comes late is answered, not doubled ------------------------------------------------------
# A store that heard its depot would not even place its order; this one does before it hears it.
unset PERSON
start store "$silent"
at "$silent" POST /v1/nights '{}' >/dev/null
wait_until 90 "[ \$(at $silent GET /v1/orders | of_state placed) -gt 0 ]"
kill "$(cat "$silent.pid")"
wait "$(cat "$silent.pid")" || true
start store "$silent" --dial "$(way_to $depot)"
late() {
  PERSON=desk.person at $depot GET '/v1/history?kind=order_refused' |
    jq -e --arg store "$(code_of "$silent")" \
      '[.rows[] | select(.body.key.store == $store) | .body.why] |
       any(. == "cycle_already_ordered")' >/dev/null
}
wait_until 90 late
before=$(of "$silent" '"\(.key.chain) \(.order)"' | sort)
PERSON=desk.person at $depot GET '/v1/fulfilments?limit=500' >fulfilments
[ "$before" = "$(of "$silent" '"\(.key.chain) \(.order)"' | sort)" ] ||
  die "a late order changed something"
"$STOCKADE" sheet standing "$depot/copies/9901-1" --store "$(code_of "$silent")" \
  --roster roster >standing
grep -q "standing order of $day" standing || die "the standing order: $(cat standing)"
echo "$(jq '.rows | length' fulfilments) deliveries filled once"
