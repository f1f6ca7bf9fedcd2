# The continuity copy of a depot and its store: made beside running sites, verified, opened by
# programs that are not ours, and compared with what the sites themselves say; then thinned, and
# damaged. Every command of docs/operating/continuity-copy.md, in its order.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT
for program in age age-keygen python3 jq; do
  command -v $program >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done

before_the_night
"$STOCKADE" sample --stores 3 --lines 40 --days 120 --seed 5 --out shop >/dev/null
day=2026-06-15 # the sample ends the day before
store=S0002
depot=$(awk -F, -v id=$store '$1 == id { print $4 }' shop/sites.csv)

# --- those who may open a copy have a key that no site ever sees ----------------------------------
age-keygen --output identity 2>/dev/null
grep -o 'age1[a-z0-9]*' identity >recipients

# --- two sites of a roster ------------------------------------------------------------------------
"$STOCKADE" roster key anna.key --name anna >anna.vkey
"$STOCKADE" roster init roster --estate sample --threshold 1 --approver anna.vkey
add() { # FOLDER CODE ROLE
  mkdir -p "$1"
  "$STOCKADE" journal key "$1/site.key" --name "stockade/sample/$2/1" >"$1.vkey"
  "$STOCKADE" roster add roster --key "$1.vkey" --role "$3" --from 2026-06-14
}
add "$depot" "90${depot#D}" depot
add $store "${store#S}" store
"$STOCKADE" roster sign roster --key anna.key >/dev/null
begin() { # KIND ID OPTION...: starts a site in the folder of its id, and enrols a manager
  local kind=$1 id=$2
  shift 2
  "$STOCKADE" site --kind "$kind" --id "$id" --data "$id" --listen 127.0.0.1:0 --plain \
    --estate shop --night-at $night_at --estate-name sample --roster roster --log "$id.log" "$@" \
    >"$id.out" 2>"$id.err" &
  echo $! >"$id.pid"
  wait_until 30 "grep -q 'makes one' $id.out || ! kill -0 $!"
  sed -n 's/^.* serves \(.*\)$/\1/p' "$id.out" >"$id.at"
  "$STOCKADE" enrol --at "$(cat "$id.at")" --key "$id.person" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$id.out")" >/dev/null
}
at() { # ID METHOD TARGET [BODY]
  local id=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$id.at")" --key "$id.person" "$@"
}
begin store $store
# At the depot a copy is made every night, here from midnight on, which is now.
begin depot "$depot" --vault-to nightly --vault-recipients recipients --vault-at 00:00
for id in $store "$depot"; do at "$id" POST /v1/days "{\"day\":\"$day\"}" >/dev/null; done

# --- a day: sales, something set apart, orders, a supplier's delivery under way -------------------
product=$(awk -F, -v id=$store '$1 == id && $4 >= 20 { print $2; exit }' shop/stock.csv)
at $store POST /v1/sales \
  "{\"rows\":[{\"product\":\"$product\",\"units\":3,\"pence\":99}]}" >/dev/null
at $store POST /v1/quarantine \
  "{\"rows\":[{\"product\":\"$product\",\"units\":2,\"pence\":0}]}" >/dev/null
at $store POST /v1/stops "{\"product\":\"$product\",\"batch\":\"B7\"}" >/dev/null
at "$depot" POST /v1/inbound "{\"supplier\":\"V001\",\"due\":\"$day\",\"rows\":[
  {\"product\":\"$product\",\"units\":240}]}" >/dev/null
at $store POST /v1/nights '{}' >/dev/null
at $store GET "/v1/nights/$day" >night.json
[ "$(jq '.orders | length' night.json)" -gt 0 ] || die "the night proposed nothing"
jq -c '.orders[] | {key, rows: [.lines[] | {product, units}]}' night.json >orders
while read -r order; do
  at $store POST /v1/orders "$order" >/dev/null
  at $store POST /v1/orders/place "$(jq -c '{key}' <<<"$order")" >/dev/null
done <orders

# --- what the sites say of themselves -------------------------------------------------------------
lines_of() { # ID: every line, a JSON object each
  local after="" page
  while :; do
    page=$(at "$1" GET "/v1/lines?limit=100${after:+&after=$after}")
    jq -c '.rows[]' <<<"$page"
    after=$(jq -r '.next // empty' <<<"$page")
    [ -n "$after" ] || break
  done
}
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "measure") at = i } $at == "g" {
  print $1 }' shop/products.csv >weighed
says() { # ID ORDERS: as restore.py prints it
  lines_of "$1" | jq -r '"\(.product) \(.on_hand_units + .quarantined_units) \(.price_pence)"' |
    awk -v id="$1" -v orders="$2" 'FILENAME == "weighed" { weighed[$1]; next }
      { units += $2; pence += int($2 * $3 / ($1 in weighed ? 1000 : 1)) }
      END { printf "%s lines %d units %d orders %d pence %d\n", id, FNR, units, orders, pence }' \
      weighed -
}
says $store "$(at $store GET '/v1/orders?limit=100' |
  jq '[.rows[] | select(.seen == "placed")] | length')" >said
says "$depot" "$(at "$depot" GET '/v1/inbound?limit=100' |
  jq '[.rows[] | select(.state == "expected")] | length')" >>said
[ "$(wc -l <orders)" -gt 0 ] && grep -q "orders $(wc -l <orders) " said ||
  die "the store's open orders: $(cat said)"

# --- the copy, from what lies on disk, while both sites run ---------------------------------------
sleep 1.5 # until both have signed
mkdir -p "$depot/copies"
cp -r $store/journal "$depot/copies/${store#S}-1"
"$STOCKADE" vault copy --data "$depot" --estate shop --roster roster --to vault --to second \
  --recipients recipients --json >copied.json
copy=$(jq -r '.written[0]' copied.json)
[ "$(jq '.written | length' copied.json)" = 2 ] || die "not in both places: $(cat copied.json)"
[ "$(jq '.doubtful | length' copied.json)" = 0 ] || die "doubtful: $(cat copied.json)"
"$STOCKADE" vault verify "$copy" --roster roster >verified
"$STOCKADE" vault verify "$copy" --roster roster --identity identity --json >verified.json
[ "$(jq -c '[.holds, .opened]' verified.json)" = '[true,true]' ] || die "$(cat verified.json)"

# --- somebody who has nothing of ours restores it -------------------------------------------------
python3 "$SOURCE_DIR/tests/foreign/restore.py" "$copy" identity restored.db >restored
for id in $store "$depot"; do
  diff <(grep "^$id " said) <(grep "^$id " restored) >&2 || die "$id was restored differently"
done
sum() { awk -v word="$1" '{ for (i = 1; i < NF; i++) if ($i == word) sum += $(i + 1) }
  END { print sum + 0 }' restored; }
for word in lines units orders pence; do
  [ "$(sum $word)" = "$(jq ".$word" verified.json)" ] || die "$word: $(cat restored)"
done
# ... and so does a Stockade that has nothing but the copy: it orders for the next day.
mkdir opened
age --decrypt --identity identity "$copy" | tar -xz -C opened
"$STOCKADE" order --estate opened --as-of $day --out ordered >/dev/null
[ "$(wc -l <ordered/orders.csv)" -gt 1 ] || die "nothing could be ordered from the copy"
grep -q "B7" opened/stops.csv || die "the stop is not in the copy"
if grep -rqi "anna.person\|PRIVATE" opened; then die "a secret is in the copy"; fi

# --- the nightly one ------------------------------------------------------------------------------
wait_until 30 "grep -q '\"vault\"' $depot.log 2>/dev/null || ls nightly/*.note >/dev/null 2>&1"
"$STOCKADE" vault verify nightly/*.age --roster roster --age-hours-max 1 >/dev/null
"$STOCKADE" call --at "$(cat "$depot.at")" GET /metrics >metrics
made=$(sed -n 's/^stockade_continuity_copy_timestamp_seconds //p' metrics)
named=$(basename "$(ls nightly/*.note)" .note)
[ "$(date -u -d "@$made" +%Y%m%dT%H%M%SZ)" = "${named##*-}" ] || die "$named is not of $made"
grep -qx 'stockade_continuity_copy_failing 0' metrics || die "it fails: $(cat metrics)"
# Without those who may open it, no copy: the site says so and trades on.
kill "$(cat "$depot.pid")"
wait "$(cat "$depot.pid")" || true
"$STOCKADE" site --kind depot --id "$depot" --data "$depot" --listen 127.0.0.1:0 --plain \
  --estate shop --night-at $night_at --estate-name sample --roster roster --vault-to elsewhere \
  --vault-recipients nobody --vault-at 00:00 >"$depot.out" 2>"$depot.err" &
wait_until 30 "grep -q 'NO CONTINUITY COPY' $depot.err"
sed -n 's/^.* serves \(.*\)$/\1/p' "$depot.out" >"$depot.at"
at "$depot" GET /v1/site >/dev/null
"$STOCKADE" call --at "$(cat "$depot.at")" GET /metrics >metrics
grep -qx 'stockade_continuity_copy_failing 1' metrics || die "it does not fail: $(cat metrics)"
grep -qx 'stockade_continuity_copy_timestamp_seconds 0' metrics ||
  die "one is there: $(cat metrics)"

# --- damaged, and thinned -------------------------------------------------------------------------
cp "$copy" altered.tar.gz.age
cp "${copy%.tar.gz.age}.note" altered.note
printf X | dd of=altered.tar.gz.age bs=1 seek=2000 conv=notrunc status=none
if "$STOCKADE" vault verify altered.note --roster roster >altered; then die "it holds"; fi
grep -q "BAD altered.tar.gz.age: its SHA-256 is" altered || die "not named: $(cat altered)"
mkdir old
for night in 20250101 20250102 20260301 20260302; do
  for ending in .tar.gz.age .note; do : >"old/9001-1-${night}T030000Z$ending"; done
done
thin() { "$STOCKADE" vault thin --place old --keep-daily 1 --keep-weekly 0 --keep-monthly 24 "$@"; }
thin --dry-run >plan
[ "$(grep -c '^would remove' plan)" = 1 ] || die "the plan: $(cat plan)"
thin >thinned
[ "$(cd old && echo *.note)" = "9001-1-20250101T030000Z.note 9001-1-20260301T030000Z.note \
9001-1-20260302T030000Z.note" ] || die "kept: $(ls old)"
cat restored
