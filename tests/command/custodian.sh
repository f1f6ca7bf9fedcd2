# A store is destroyed. The approvers appoint somebody to go on with its stock: the journal of its
# next epoch, from what the depot holds, every command of docs/operating/centre-lost.md's section.
# Then the old till is found and shows what nobody had heard of.
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
size=$(entries depot/copies/0001-1)
# Sold while the line was cut: nobody else ever hears of these two.
stop depot
for _ in 1 2; do sell S0001 >/dev/null; done
stop S0001
mv S0001 found-later

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
grep -q 'goes on with the stock' rebuilt || die "$(cat rebuilt)"

# --- it goes on, and the depot follows it ---------------------------------------------------------
start depot depot D01
start custodian store S0001 --estate shop --dial "9001@$(sed 's,.*//,,' depot.at)"
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
expect 7 site --kind store --id S0001 --data found-later --listen 127.0.0.1:0 --plain \
  --estate-name sample --roster roster --estate shop --night-at $night_at
says stderr 'the site goes on in epoch 2'
mkdir -p shown/copies
cp -r found-later/journal shown/copies/0001-1
"$STOCKADE" quarantine 0001-1 --from "$size" --data shown --json >difference.json
[ "$(jq -c '[.lines[] | {product, gone: (.on_hand.kept - .on_hand.all)}]' difference.json)" = \
  "[{\"product\":\"$product\",\"gone\":2}]" ] || die "the difference is $(cat difference.json)"
stop custodian
stop depot
