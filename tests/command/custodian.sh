# A store is destroyed. The approvers appoint somebody to go on with its stock: the journal of its
# next epoch, from what the depot holds, every command of docs/operating/centre-lost.md's section.
# Then the old till is found and shows what nobody had heard of.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT

before_the_night
"$STOCKADE" sample --stores 3 --lines 40 --days 120 --seed 5 --out shop >/dev/null
day=2026-06-15 # the sample ends the day before

"$STOCKADE" roster key anna.key --name anna >anna.vkey
"$STOCKADE" roster init roster --estate sample --threshold 1 --approver anna.vkey
add() { # FOLDER CODE ROLE EPOCH
  mkdir -p "$1"
  "$STOCKADE" journal key "$1/site.key" --name "stockade/sample/$2/$4" >"$1.vkey"
  "$STOCKADE" roster add roster --key "$1.vkey" --role "$3" --from 2026-06-14
}
add depot 9001 depot 1
add S0001 0001 store 1
"$STOCKADE" roster sign roster --key anna.key >/dev/null

start() { # FOLDER KIND ID OPTION...
  local folder=$1 kind=$2 id=$3
  shift 3
  rm -f "$folder.out"
  "$STOCKADE" site --kind "$kind" --id "$id" --data "$folder" --listen 127.0.0.1:0 \
    --estate-name sample --roster roster --night-at $night_at --log "$folder.log" "$@" \
    >"$folder.out" 2>"$folder.err" &
  echo $! >"$folder.pid"
  wait_until 30 "grep -qs '^key: ' $folder.out" || die "$(cat "$folder.err")"
  sed -n 's/.* serves \(.*\)$/\1/p' "$folder.out" >"$folder.at"
  sed -n 's/^key: //p' "$folder.out" >"$folder.pin"
}
stop() { # FOLDER
  kill "$(cat "$1.pid")"
  wait "$(cat "$1.pid")" || true
}
enrol() { # FOLDER
  "$STOCKADE" enrol --at "$(cat "$1.at")" --pin "$(cat "$1.pin")" --key "$1.person" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$1.out")" >/dev/null
}
at() { # FOLDER METHOD TARGET [BODY]
  local folder=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$folder.at")" --pin "$(cat "$folder.pin")" --key "$folder.person" \
    "$@"
}
entries() { # FOLDER: signed entries of a journal; 0 without any
  "$STOCKADE" verify "$1" --json 2>/dev/null | jq '.checkpoint_size // 0'
}
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
says stderr 'the site goes on in its next epoch'
mkdir -p shown/copies
cp -r found-later/journal shown/copies/0001-1
"$STOCKADE" quarantine 0001-1 --from "$size" --data shown --json >difference.json
[ "$(jq -c '[.lines[] | {product, gone: (.on_hand.kept - .on_hand.all)}]' difference.json)" = \
  "[{\"product\":\"$product\",\"gone\":2}]" ] || die "the difference is $(cat difference.json)"
stop custodian
stop depot
