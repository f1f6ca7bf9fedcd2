# An order on paper: from the sheet over a picture of it back to the order, and what was typed
# wrongly or forged.
. tests/prove/lib.sh
work=$PWD/build/prove/together-paper
rm -rf "$work"
mkdir -p "$work"
cd "$work"

signed_roster() { # ROSTER KEY: names a store's key, and is signed
  "$STOCKADE" roster init "$1" --estate sample --approver anna.vkey >&2
  "$STOCKADE" roster add "$1" --key "$2" --role store >&2
  "$STOCKADE" roster sign "$1" --key anna.key >&2
}
"$STOCKADE" roster key anna.key --name anna >anna.vkey
for name in site thief; do
  "$STOCKADE" journal key $name.key --name stockade/sample/0042/1 >$name.vkey
done
signed_roster roster site.vkey
signed_roster revoked site.vkey
"$STOCKADE" roster revoke revoked --name stockade/sample/0042/1 --entries 1000000 >&2
"$STOCKADE" roster sign revoked --key anna.key >&2

# The order of a seed: changes of 1 to 60 rows, or for every fifth seed a whole order of 300.
make_order() { # SEED FILE
  awk -v seed="$1" 'BEGIN {
    srand(seed)
    whole = seed % 5 == 0
    rows = whole ? 300 : 1 + int(rand() * 60)
    print "{\"number\": \"0042-1-1234-85\", \"depot\": \"9001\", \"delivery\": \"2026-06-15\","
    print "\"drop\": 1, \"chain\": \"chilled\", \"made_at_ms\": 1781461800000,"
    if (!whole) print "\"standing_from\": \"2026-06-14\","
    print "\"rows\": ["
    for (i = 1; i <= rows; i++)
      printf "{\"product\": \"P%05d\", \"units\": %d, \"name\": \"Milk\"}%s\n", i * 7 + seed,
             1 + int(rand() * 500), i < rows ? "," : "]}"
  }' >"$2"
}
read_code() { # FILE [ROSTER]: how reading it ends
  local code=0
  "$STOCKADE" sheet read "$1" --roster "${2:-roster}" >read.json 2>read.error || code=$?
  echo $code
}
rows_of() { jq -c '[.rows[] | [.product, .units]]' "$1"; }

seeds=20 exact=0
for seed in $(seq $seeds); do
  make_order "$seed" order.json
  "$STOCKADE" sheet print order.json --key site.key --out sheet.pdf --typed typed --codes codes >&2
  rm -f page*.png
  pdftoppm -r 150 -gray -png sheet.pdf page
  # It ends with 4 where a page has no code.
  zbarimg --raw -q -Sdisable -Sqrcode.enable page*.png 2>/dev/null >scanned || true
  if [ "$(read_code scanned)" = 0 ] && [ "$(rows_of read.json)" = "$(rows_of order.json)" ] &&
    [ "$(jq -r .proof read.json)" = signature ]; then exact=$((exact + 1)); fi
done
row "sheet, picture at 150 dpi, zbarimg, order" "$exact of $seeds exact" "all" \
  "$(verdict "$exact == $seeds")" "sheet print; pdftoppm -r 150; zbarimg --raw; sheet read"

# One digit of what stands on the sheet becomes another, in any line.
typed=200 caught=0
make_order 3 order.json
"$STOCKADE" sheet print order.json --key site.key --typed typed --codes codes >&2
[ "$(read_code typed)" = 0 ] || echo "the typed sheet does not read" >&2
for seed in $(seq $typed); do
  awk -v seed="$seed" '{ text = text $0 "\n" } END {
    srand(seed)
    do at = 1 + int(rand() * length(text)); while (substr(text, at, 1) !~ /[0-9]/)
    digit = (substr(text, at, 1) + 1 + int(rand() * 9)) % 10
    printf "%s%d%s", substr(text, 1, at - 1), digit, substr(text, at + 1)
  }' typed >wrong
  [ "$(read_code wrong)" = 7 ] && grep -q '^stockade: ' read.error && caught=$((caught + 1))
done
row "typed with one wrong digit" "$caught of $typed caught" "all" \
  "$(verdict "$caught == $typed")" "stockade sheet read wrong --roster roster"

refused() { # WHAT FILE ROSTER TEXT: ends with 7 and says so
  local code said=no
  code=$(read_code "$2" "$3")
  if grep -qF -- "$4" read.error; then said=yes; fi
  row "$1" "exit $code, named: $said" "exit 7, named" \
    "$(verdict "$code == 7 && \"$said\" == \"yes\"")" "stockade sheet read $2 --roster $3"
}
make_order 5 order.json
"$STOCKADE" sheet print order.json --key site.key --codes codes >&2
sed '2s,/[A-Z2-7]\{8\}/.,&A,; 2s/\(.*\)A\(.*\)/\1B\2/' codes >altered
refused "altered code" altered roster "code 2 of"
sed 2d codes >fewer
refused "missing code" fewer roster "code 2 of $(wc -l <codes) of order 0042-1-1234-85 is missing"
sed '2s/.\{60\}$//' codes >cut
refused "code cut off" cut roster "code 2 of $(wc -l <codes) of order 0042-1-1234-85 is damaged"
"$STOCKADE" sheet print order.json --key thief.key --codes foreign >&2
refused "key that only bears the name" foreign roster "the signature is not that of"
refused "revoked key" codes revoked "is revoked"

cd "$SOURCE_DIR"
unit_tests paper_test '*'
row "wrong characters and swapped pairs in typed sheets" \
  "$(sed -n 's/^caught: //p' <<<"$PRINTED"); $PASSED tests" "all caught, none failed" \
  "$(verdict "$FAILED == 0")" "paper_test"
