# A store is destroyed. The approvers appoint somebody to go on with its stock: the journal of its
# next epoch, from what the depot holds, every command of docs/operating/centre-lost.md's section.
# The depot runs all the time and follows the roster. Then the old till gets it too, ends, and shows
# what nobody had heard of.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 3 --lines 40 --days 120 --seed 5 --out shop >/dev/null
day=2026-06-15 # the sample ends the day before
. "$SOURCE_DIR/tests/command/sites.sh"

add depot 9001 depot
add S0001 0001 store
"$STOCKADE" roster sign roster --key anna.key >/dev/null

sell() { # FOLDER
  at "$1" POST /v1/sales "{\"rows\":[{\"product\":\"$product\",\"units\":1,\"pence\":99}]}"
}
on_hand() { # FOLDER
  at "$1" GET "/v1/lines/$product" | jq .on_hand_units
}

# --- a store trades; its depot holds what it does -------------------------------------------------
start depot depot D01
enrol depot
start S0001 store S0001 --estate shop --dial "9001@$(sed 's,.*//,,' depot.at)"
enrol S0001
at S0001 POST /v1/days "{\"day\":\"$day\"}" >/dev/null
product=$(awk -F, '$1 == "S0001" && $4 >= 20 { print $2; exit }' shop/stock.csv)
[ -n "$product" ] || die "the store has nothing to sell"
before=$(on_hand S0001)
for _ in 1 2 3; do sell S0001 >/dev/null; done
held() {
  local all
  all=$(entries S0001/journal) || return 1
  [ "$all" -gt 10 ] && [ "$(entries depot/copies/0001-1)" = "$all" ]
}
wait_until 30 held
# Sold while the line was cut: nobody else ever hears of these two, nor does the till hear of what
# the approvers decide.
stop S0001
size=$(entries depot/copies/0001-1)
cp roster old-roster
roster_file=old-roster start S0001 store S0001 --estate shop
for _ in 1 2; do sell S0001 >/dev/null; done

# --- the approvers appoint a custodian ------------------------------------------------------------
mkdir custodian-key
"$STOCKADE" journal key custodian-key/next.key --name stockade/sample/0001/2 >next.vkey
"$STOCKADE" roster revoke roster --name stockade/sample/0001/1 --entries "$size"
"$STOCKADE" roster add roster --key next.vkey --role store --from 2026-06-15
expect 7 rebuild --id 0001 --from depot/copies --roster roster --key custodian-key/next.key \
  --data custodian
"$STOCKADE" roster sign roster --key anna.key >/dev/null
"$STOCKADE" rebuild --id 0001 --from depot/copies --roster roster --key custodian-key/next.key \
  --data custodian >rebuilt
grep -q 'goes on with what counts' rebuilt || die "$(cat rebuilt)"

# --- it goes on, and the depot follows it ---------------------------------------------------------
wait_until 10 '[ "$(roster_of depot)" = "in_use 2" ]'
one=stockade/sample/0001/1 two=stockade/sample/0001/2
says depot.out "roster number 2 is in use; added: $two; revoked: $one"
says depot.log "{\"roster\":2,\"added\":\"$two\",\"revoked\":\"$one\"}"
cp roster custodian-roster
roster_file=custodian-roster start custodian store S0001 --estate shop \
  --dial "9001@$(sed 's,.*//,,' depot.at)"
# Nobody who was enrolled at the lost store is enrolled here.
cp S0001.person custodian.person
expect_refused() { ! "$@" >stdout 2>stderr || die "was allowed: $*"; }
expect_refused at custodian GET "/v1/lines/$product"
rm custodian.person
enrol custodian
[ "$(on_hand custodian)" = $((before - 3)) ] || die "on hand: $(on_hand custodian)"
sell custodian >sold
[ "$(on_hand custodian)" = $((before - 4)) ] || die "on hand: $(on_hand custodian)"
follows() {
  at depot GET /v1/journal >peers
  [ "$(jq -c '[.peers[] | select((.why // "") == "") | .site]' peers)" = '["0001"]' ] &&
    jq -e '[.peers[].why // "" | select(test("goes on in epoch 2"))] | length == 1' peers >/dev/null
}
wait_until 30 '[ "$(entries depot/copies/0001-2)" = "$(entries custodian/journal)" ]'
wait_until 30 follows || die "$(at depot GET /v1/journal)"
"$STOCKADE" verify custodian/journal --roster roster >/dev/null

# --- the lost store is found: it may not speak, and what it shows is a difference -----------------
[ "$(roster_of S0001)" = "in_use 1" ] || die "the till has heard"
cp roster old-roster
ended() { ! kill -0 "$(cat S0001.pid)" 2>/dev/null; }
wait_until 30 ended
code=0
wait "$(cat S0001.pid)" || code=$?
[ "$code" = 7 ] || die "the old till ended with $code: $(cat S0001.err)"
says S0001.err 'the site goes on in epoch 2'
# What it had acknowledged is there, and signed.
"$STOCKADE" verify S0001/journal --key S0001.vkey --json |
  jq -e '.checkpoint_size == .entries' >/dev/null || die "the old till's journal has a tail"
mv S0001 found-later
expect 7 site --kind store --id S0001 --data found-later --listen 127.0.0.1:0 --plain \
  --estate-name sample --roster roster --estate shop --night-at $night_at
says stderr 'the site goes on in epoch 2'
mkdir -p shown/copies
cp -r found-later/journal shown/copies/0001-1
"$STOCKADE" quarantine 0001-1 --from "$size" --data shown --json >difference.json
[ "$(jq -c '[.lines[] | {product, gone: (.on_hand.kept - .on_hand.all)}]' difference.json)" = \
  "[{\"product\":\"$product\",\"gone\":2}]" ] || die "the difference is $(cat difference.json)"

# --- the custodian's key is stolen: the depot runs on and believes less of it at once ---
size=$(($(entries depot/copies/0001-2) - 1))
connections() { # FOLDER: that are open, without the one that asks
  echo $(($(at "$1" GET /metrics | sed -n 's/^stockade_http_connections_open //p') - 1))
}
wait_until 10 '[ "$(connections depot)" = 1 ]'
cp roster next
"$STOCKADE" roster revoke next --name $two --entries $size
"$STOCKADE" roster sign next --key anna.key >/dev/null
cp next roster
wait_until 10 '[ "$(connections depot)" = 0 ]'
[ "$(roster_of depot)" = "in_use 3" ] || die "the connection ended for another reason"
sell custodian >/dev/null # it has not heard of that, and calls again
wait_until 30 '[ "$(connections depot)" = 1 ]'
believes_less() {
  at depot GET /v1/journal | jq -e --arg why "has revoked its key behind entry $size" \
    '[.peers[].why // "" | select(endswith($why))] | length == 1' >/dev/null
}
wait_until 10 believes_less
stop custodian
stop depot
says depot.log "{\"sync_refused\":\"revoked_key\",\"site\":"
[ "$(entries depot/copies/0001-2)" = $((size + 1)) ] || die "the depot took more of it"
