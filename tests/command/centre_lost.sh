# The centre is gone and comes back from its stores, with real processes over TLS: every command of
# docs/operating/centre-lost.md, in its order. The stores run from the first line to the last.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 3 --lines 40 --days 120 --seed 5 --out shop >/dev/null
day=2026-06-15 # the sample ends the day before
stores="S0001 S0002"

# --- an estate with a roster ----------------------------------------------------------------------
. "$SOURCE_DIR/tests/command/sites.sh"
add centre 9901 centre
add S0001 0001 store
add S0002 0002 store
"$STOCKADE" roster sign roster --key anna.key >/dev/null

# --- everybody trades -----------------------------------------------------------------------------
start_store() { # FOLDER
  start "$1" store "$1" --estate shop --dial "9901@$(sed 's,.*//,,' centre.at)"
}
start centre centre C0001
for store in $stores; do
  start_store "$store"
  enrol "$store"
  at "$store" POST /v1/days "{\"day\":\"$day\"}" >/dev/null
done
# Something of each store that sells.
for store in $stores; do
  awk -F, -v id="$store" '$1 == id && $4 >= 20 { print $2; exit }' shop/stock.csv >"$store.product"
  [ -s "$store.product" ] || die "$store has nothing to sell"
done
sell() { # FOLDER TIMES
  for _ in $(seq "$2"); do
    at "$1" POST /v1/sales \
      "{\"rows\":[{\"product\":\"$(cat "$1.product")\",\"units\":1,\"pence\":99}]}" >/dev/null
  done
}
for store in $stores; do sell "$store" 3; done

# --- the centre holds what the stores have, and somebody writes down what that comes to -----------
held_all() { # FOLDER: the centre in it holds all that the stores have signed
  local store
  for store in $stores; do
    [ -d "$1/copies/${store#S}-1" ] || return 1
    [ "$(entries "$1/copies/${store#S}-1")" = "$(entries "$store/journal")" ] || return 1
    [ "$(entries "$store/journal")" -gt 20 ] || return 1
  done
}
wait_until 30 'held_all centre'
"$STOCKADE" rebuild --from centre/copies --roster roster --json >before.json
jq -r '.journals[] | "\(.origin) \(.entries)"' before.json >sizes
[ "$(wc -l <sizes)" = 2 ] || die "the centre holds $(cat sizes)"

# --- it burns down; the stores go on --------------------------------------------------------------
kill -9 "$(cat centre.pid)"
rm -rf centre
for store in $stores; do sell "$store" 2; done
mkdir survivors
for store in $stores; do
  "$STOCKADE" journal archive "$store/journal" "survivors/$store" --key "$store/site.key" >/dev/null
done

# --- it is made anew ------------------------------------------------------------------------------
"$STOCKADE" rebuild --from survivors --roster roster --json >look.json
[ "$(jq -r '.missing[]' look.json)" = stockade/sample/9901/1 ] || die "missing: $(cat look.json)"
"$STOCKADE" rebuild --from survivors --roster roster --data from-sticks >rebuilt
sed -n 's/^key: //p' rebuilt >rebuilt.vkey
grep -q '^stockade/sample/9901/2+' rebuilt.vkey || die "no key of the next epoch: $(cat rebuilt)"

# --- once more, over the network: the roster lists the new key before there is a new centre -------
"$STOCKADE" journal key centre.key --name stockade/sample/9901/2 >centre.vkey
cp roster next
"$STOCKADE" roster add next --key centre.vkey --role centre --from 2026-06-15
network=()
for store in $stores; do network+=(--from "${store#S}@$(sed 's,.*//,,' "$store.at")"); done
gather=("${network[@]}" --key centre.key --gathered gathered --roster next)
# A roster that nobody has signed is not taken over; the stores trade on with the one they have.
cp next roster
for store in $stores; do
  wait_until 10 '[ "$(roster_of "$store")" = "refused 1" ]'
  says "$store.err" 'ROSTER NOT TAKEN OVER, number 1 stays in use: roster: note: no signatures'
  sell "$store" 1
done
"$STOCKADE" roster sign next --key anna.key >/dev/null
# Sites that have the old roster do not answer the new key.
expect 5 rebuild "${gather[@]}"
cp next roster
for store in $stores; do wait_until 10 '[ "$(roster_of "$store")" = "in_use 2" ]'; done
expect 2 rebuild "${network[@]}" --roster roster
expect 0 rebuild "${gather[@]}" --json
# What the stores have heard of the centre comes with it.
[ "$(jq '.missing | length' stdout)" = 0 ] || die "missing: $(cat stdout)"
[ "$(jq .entries stdout)" -ge "$(jq .entries look.json)" ] || die "less came: $(cat stdout stderr)"
"$STOCKADE" rebuild "${gather[@]}" --data centre >rebuilt
[ "$(sed -n 's/^key: //p' rebuilt)" = "$(cat centre.vkey)" ] || die "another key: $(cat rebuilt)"
"$STOCKADE" rebuild --from centre/copies --roster roster --at sizes --json >after.json
[ "$(jq -r .digest before.json)" = "$(jq -r .digest after.json)" ] ||
  die "the rebuilt estate is another one"

# It answers where the old one did, and the roster has told the stores who it is.
port=$(sed 's,.*:,,' centre.at) start centre centre C0001
for store in $stores; do sell "$store" 1; done
wait_until 60 'held_all centre'
"$STOCKADE" verify centre/journal --roster roster >/dev/null

# --- a store that cannot be believed --------------------------------------------------------------
all=$(entries centre/copies/0002-1)
"$STOCKADE" quarantine 0002 --from $((all - 2)) --data centre --json >difference.json
[ "$(jq .applied difference.json)" = false ] || die "it was applied"
[ "$(jq -r '.lines[].product' difference.json)" = "$(cat S0002.product)" ] ||
  die "the difference is $(cat difference.json)"
"$STOCKADE" quarantine 0002 --from $((all - 2)) --data centre --apply \
  --why "its till key was stolen" >/dev/null
stop centre
start centre centre C0001
"$STOCKADE" enrol --at "$(cat centre.at)" --pin "$(cat centre.pin)" --key centre.person \
  --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' centre.out)" >/dev/null
for _ in $(seq 8); do
  sleep 1
  at centre GET /v1/journal >journal.json
  grep -q 'its till key was stolen' journal.json && break
done
grep -q 'its till key was stolen' journal.json || die "the centre believes $(cat journal.json)"
"$STOCKADE" quarantine 0002 --data centre --lift >/dev/null
