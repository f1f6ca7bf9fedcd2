# stockade sheet: an order on paper and over a phone, and what comes back of it.
. "$SOURCE_DIR/tests/command/lib.sh"

paper_order >order.json
expect 0 journal key site.key --name stockade/sample/0042/1
cp stdout site.vkey
expect 0 roster key anna.key --name anna
cp stdout anna.vkey
expect 0 roster init roster --estate sample --approver anna.vkey
expect 0 roster add roster --key site.vkey --role store
expect 0 roster sign roster --key anna.key

expect 0 sheet print order.json --key site.key --out sheet.pdf --codes codes --typed typed \
  --phone phone
echo 'order 0042-1-1234-85: 2 rows' | is stdout
[ "$(head -c 5 sheet.pdf)" = %PDF- ]
says phone 'To depot nine zero zero one. Check seven two.'
mv sheet.pdf first.pdf
expect 0 sheet print order.json --key site.key --out sheet.pdf
cmp first.pdf sheet.pdf

# Scanned, with the store's signature; typed, by check digits; and once more from what was read.
expect 0 sheet read codes --roster roster
cp stdout read.json
jq -r '.proof, .number, .store, .standing_from, .rows[1].product, .rows[1].units' read.json |
  is <(printf '%s\n' signature 0042-1-1234-85 0042 2026-06-14 P00049 0)
expect 0 sheet read typed --roster roster
jq -r '.proof, .made_at_ms' stdout | is <(printf '%s\n' 'check digits' null)
expect 0 sheet print read.json --key site.key --codes again
cmp codes again

# A rehearsal says so to whoever reads it.
expect 0 sheet print order.json --key site.key --rehearsal 2026-06-12 --typed rehearsed \
  --codes codes-rehearsed
says stdout 'a rehearsal'
says rehearsed 'rehearsal 2026-06-12'
expect 0 sheet read codes-rehearsed --roster roster
[ "$(jq -r .rehearsal stdout)" = 2026-06-12 ]

# What is wrong is named.
sed 's/P00012 24/P00012 42/' typed >wrong
expect 7 sheet read wrong --roster roster
says stderr 'row 1: its check digits do not fit'
cat codes codes-rehearsed >mixed
expect 7 sheet read mixed --roster roster
says stderr 'is of another sheet with the same number'
expect 0 roster revoke roster --name stockade/sample/0042/1 --entries 5
expect 0 roster sign roster --key anna.key
for file in codes typed; do
  expect 7 sheet read $file --roster roster
  says stderr 'stockade/sample/0042/1 is revoked in the roster'
done
expect 0 journal key other.key --name stockade/sample/0043/1
expect 3 sheet print order.json --key other.key --codes codes
says stderr 'the key is that of stockade/sample/0043/1, expected stockade/sample/0042/1'
sed 's/0042-1-1234-85/0042-1-1243-85/' order.json >typo.json
expect 3 sheet print typo.json --key site.key --codes codes
says stderr '"number": its check digits do not fit'
