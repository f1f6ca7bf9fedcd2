# Others can check it: Go's sumdb/note and tlog, openssl, minisign and the RFC 6962 vectors agree,
# also where something was changed.
# needs ../shared
. tests/prove/lib.sh
work=$SOURCE_DIR/build/prove/others
rm -rf "$work"
mkdir -p "$work"
(cd tests/evidence/go && GO111MODULE=off GOFLAGS='' GOPATH=/usr/share/gocode \
  GOCACHE="$work/cache" go build -o "$work/reader" .)
cd "$work"
site=$("$STOCKADE" journal key site.key --name stockade/sample/0042/1)
depot=$("$STOCKADE" journal key depot.key --name depot --witness)
"$STOCKADE" journal create j --key site.key
# 1,500 entries: tiles of two levels, whole and partial ones.
seq 1500 | "$STOCKADE" journal append j --key site.key --batch 1 >acknowledged
"$STOCKADE" journal cosign j --key depot.key --seen seen
"$STOCKADE" journal export j public >&2

# agrees COMMAND...: 1 where the command succeeds. refuses: 1 where it does not.
agrees() { if "$@" >>log 2>&1; then echo 1; else echo 0; fi; }
refuses() { if "$@" >>log 2>&1; then echo 0; else echo 1; fi; }
# changed FILE BYTE COMMAND...: 1 where the command refuses the file with one byte changed.
changed() {
  local file=$1 byte=$2 outcome
  cp "$file" kept
  printf '\377' | dd of="$file" bs=1 seek="$byte" conv=notrunc status=none
  outcome=$(refuses "${@:3}")
  cp kept "$file"
  echo "$outcome"
}

good=$(agrees ./reader public "$site" "$depot")
bad=0 cases=0
for file in $(cd public && find . -type f | sort | awk 'NR % 2 == 1'); do
  size=$(stat -c %s "public/$file")
  bad=$((bad + $(changed "public/$file" $((size / 2)) ./reader public "$site" "$depot")))
  cases=$((cases + 1))
done
other=$("$STOCKADE" journal key other.key --name stockade/sample/0042/1)
bad=$((bad + $(refuses ./reader public "$other")))
row "Go note and tlog" "$good of 1 agree, $bad of $((cases + 1)) refused" "all" \
  "$(verdict "$good == 1 && $bad == $cases + 1 && $cases > 5")" "reader public KEY..."

# openssl alone: text, signature and key are cut out of the note with shell tools.
sed '/^$/,$d' public/checkpoint >body
grep -aF "stockade/sample" public/checkpoint | tail -n 1 | awk '{ print $3 }' | base64 -d |
  tail -c 64 >signature
key=${site#*+} # name and hash before it; base64 may hold a plus of its own
{
  printf '\060\052\060\005\006\003\053\145\160\003\041\000'
  printf %s "${key#*+}" | base64 -d | tail -c 32
} >public.der
check() {
  openssl pkeyutl -verify -pubin -keyform DER -inkey public.der -rawin -in body -sigfile signature
}
good=$(agrees check)
bad=$(($(changed body 30 check) + $(changed signature 5 check) + $(changed public.der 20 check)))
row "openssl" "$good of 1 agree, $bad of 3 refused" "all" "$(verdict "$good == 1 && $bad == 3")" \
  "openssl pkeyutl -verify -rawin"

"$STOCKADE" journal archive j copy --key site.key >&2
check() { minisign -V -p copy/minisign.pub -m copy/manifest; }
good=$(agrees check)
bad=$(($(changed copy/manifest 40 check) + $(changed copy/manifest.minisig 90 check)))
printf '\n\n' | minisign -G -W -f -p their.pub -s their.key >&2 || true
bad=$((bad + $(refuses minisign -V -p their.pub -m copy/manifest)))
row "minisign" "$good of 1 agree, $bad of 3 refused" "all" "$(verdict "$good == 1 && $bad == 3")" \
  "minisign -V -p minisign.pub -m manifest"

cd "$SOURCE_DIR"
export STOCKADE_SHARED=$SHARED
unit_tests journal_test 'Vectors.*'
count=$(find "$SHARED/data/tlog/rfc6962-testdata/inclusion" \
  "$SHARED/data/tlog/rfc6962-testdata/consistency" -type f | wc -l)
row "RFC 6962 vectors, verdicts" "$count cases" "all agree" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} == 2 && $count >= 190")" \
  "journal_test --gtest_filter=Vectors.*"
