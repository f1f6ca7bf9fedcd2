# Gift cards with a real centre: the key made, sealed and opened again after the centre has burnt,
# a card sold, held, spent and stopped, its balance told. Every command of docs/operating/cards.md.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill -9 $(jobs -p) 2>/dev/null || true; wait' EXIT
for program in age age-keygen jq; do
  command -v $program >/dev/null || { echo "SKIPPED: $program is not installed"; exit 77; }
done

# --- the key --------------------------------------------------------------------------------------
age-keygen --output identity 2>/dev/null
grep -o 'age1[a-z0-9]*' identity >recipients
expect 0 cards key --out card.key --sealed card.key.age --recipients recipients
key=$(sed -n 's/^card key \([0-9a-f]*\) in card.key, sealed in card.key.age$/\1/p' stdout)
[ ${#key} = 16 ] || die "no name of the key: $(cat stdout)"
[ "$(stat -c %a card.key)" = 600 ] || die "others may read the key"
expect 3 cards key --out card.key --sealed other.age --recipients recipients
expect 3 cards key --out other.key --sealed card.key.age --recipients recipients
expect 5 cards key --out other.key --sealed other.age --recipients nobody
[ ! -e other.key ] && [ ! -e other.age ] || die "a key that is not sealed"
expect 2 cards codes --out codes
expect 0 cards codes --count 3 --out codes
echo "3 codes in codes" | is stdout
expect 3 cards codes --count 3 --out codes
[ "$(stat -c %a codes)" = 600 ] || die "others may read the codes"
code=$(sed -n 1p codes) other=$(sed -n 2p codes)

# --- a centre that owns the cards -----------------------------------------------------------------
begin() {
  "$STOCKADE" site --kind centre --id C01 --data "$1" --listen 127.0.0.1:0 --plain \
    --card-key "$2" --card-owner 9901 --log log >out 2>err &
  site=$!
  wait_until 30 "grep -q '^key: ' out || ! kill -0 $site"
  at=$(sed -n 's/^.* serves \(.*\)$/\1/p' out)
  grep -qx "card key: $key" out || die "it does not name its key: $(cat out err)"
}
ends() {
  kill $site
  wait $site || die "the site ended badly: $(cat err)"
}
asks() { "$STOCKADE" call --at "$at" --key anna.key "$@"; }
pence() { # CODE: what anybody with the code is told
  "$STOCKADE" call --at "$at" POST /v1/cards/balance --body "{\"code\":\"$1\"}" 2>>said | jq -c .
}
begin centre card.key
wait_until 30 "grep -q 'makes one' out"
"$STOCKADE" enrol --at "$at" --key anna.key \
  --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' out)" >/dev/null
asks POST /v1/cards/activate --body "{\"code\":\"$code\",\"kind\":\"gift_card\",\"pence\":2500,
  \"site\":\"0042\",\"document\":\"0042-1-1-98\"}" >said
[ "$(pence "$code")" = '{"kind":"gift_card","state":"active","pence":2500}' ] || die "$(cat said)"
hold=$(asks POST /v1/cards/holds \
  --body "{\"code\":\"$code\",\"pence\":1000,\"site\":\"0042\",\"minutes\":30}" | jq -r .body.hold)
asks POST /v1/cards/holds/capture \
  --body "{\"hold\":\"$hold\",\"pence\":400,\"receipt\":\"0042-1-1-98\"}" >>said
asks POST /v1/cards/holds/release --body "{\"hold\":\"$hold\"}" >>said
[ "$(pence "$code" | jq .pence)" = 2100 ] || die "$(cat said)"
[ "$(asks GET /v1/cards | jq -c '[.key, .owner, .gift_card_pence, .caps.card_day_pence]')" = \
  "[\"$key\",\"9901\",2100,5000]" ] || die "$(asks GET /v1/cards)"
[ "$(asks GET /v1/cards/losses | jq -c '[.rows, .loss_pence]')" = '[[],0]' ] || die "losses"
pence "$other" >unknown || true
card=$(asks POST /v1/cards/look --body "{\"code\":\"$code\"}" | jq -r .card)
asks POST /v1/cards/freeze --body "{\"card\":\"$card\"}" >>said
pence "$code" >frozen || true
cmp unknown frozen || die "a frozen card is told from one that is none"
grep -q card_unknown frozen || die "$(cat frozen)"
asks POST /v1/cards/thaw --body "{\"card\":\"$card\"}" >>said
ends

# --- the centre has burnt: its journal is elsewhere, its key is not -------------------------------
rm card.key
age-keygen --output thief 2>/dev/null
expect 5 cards open --sealed card.key.age --identity thief --out restored.key
[ ! -e restored.key ] || die "opened by a thief"
expect 0 cards open --sealed card.key.age --identity identity --out restored.key
echo "card key $key in restored.key" | is stdout
[ "$(stat -c %a restored.key)" = 600 ] || die "others may read the key"
expect 0 cards id --key restored.key
echo "card key $key" | is stdout
begin centre restored.key
[ "$(pence "$code" | jq .pence)" = 2100 ] || die "another card than before"
ends

# --- nothing that a log or a journal must not have ------------------------------------------------
secret=$(cut -d' ' -f3 restored.key)
for text in "$secret" "$code" "${code//-/}"; do
  if grep -rqF -- "$text" log out err said centre; then die "a secret stands where it must not"; fi
done
expect 3 site --kind centre --id C01 --data centre --listen 127.0.0.1:0 --plain --card-key codes
says stderr "codes: is no card key, or a damaged one"
expect 2 site --kind centre --id C01 --data centre --listen 127.0.0.1:0 --plain --card-owner C01
