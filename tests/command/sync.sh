# stockade pack, unpack and repair: a store and the centre without any network.
. "$SOURCE_DIR/tests/command/lib.sh"

mkdir store centre
expect 0 roster key anna.key --name anna
cp stdout anna.vkey
expect 0 roster init roster --estate sample --threshold 1 --approver anna.vkey
for row in "store 0101 store" "centre 0001 centre"; do
  read -r folder code role <<<"$row"
  expect 0 journal key "$folder/site.key" --name "stockade/sample/$code/1"
  cp stdout "$folder.vkey"
  expect 0 journal create "$folder/journal" --key "$folder/site.key"
  expect 0 roster add roster --key "$folder.vkey" --role "$role" --from 2026-06-14
done
expect 0 roster sign roster --key anna.key
cp roster store/roster
cp roster centre/roster
expect 0 journal key centre/witness.key --name witness-0001 --witness
seq 500 | sed 's/^/sold /' | "$STOCKADE" journal append store/journal --key store/site.key >seen
echo "a night" | "$STOCKADE" journal append centre/journal --key centre/site.key >seen

# There and back; the second pack holds only what is newer.
expect 0 pack --data store --for 0001 --out stick
says stdout "stick: journals 1, entries 500, documents 0"
expect 0 unpack stick --data centre
says stdout "from stockade/sample/0101/1: entries 500, documents 0"
expect 0 verify centre/copies/0101-1 --key store.vkey
expect 0 journal print store/journal
cp stdout events
expect 0 journal print centre/copies/0101-1
is stdout <events
expect 0 pack --data centre --for 0101 --out back
expect 0 unpack back --data store
says stdout "entries 1,"
echo "sold 501" | "$STOCKADE" journal append store/journal --key store/site.key >seen
expect 0 pack --data store --for 0001 --since back --out stick
says stdout "entries 1,"
expect 0 unpack stick --data centre
expect 0 unpack stick --data centre
says stdout "entries 0,"

# Packs that are not believed, and one that is for somebody else.
expect 3 unpack back --data centre
says stderr "is not for 0001"
cp -r stick altered
printf X | dd of=altered/held/000000 bs=1 seek=40 conv=notrunc status=none
expect 7 unpack altered --data centre
says stderr "not the file that was signed"
expect 3 pack --data store --for 0999 --out stick
says stderr "does not list"
expect 3 unpack nowhere --data centre
expect 2 pack --data store --for 0001 --out store/stick

# The same site from an old backup signs another history of the same size.
mkdir liar
cp store/site.key store/roster liar
expect 0 journal create liar/journal --key liar/site.key
seq 501 | sed 's/^/stole /' | "$STOCKADE" journal append liar/journal --key liar/site.key >seen
expect 0 pack --data liar --for 0001 --out lie
cp -r centre judge
expect 7 unpack lie --data judge
says stdout "NOT TAKEN stockade/sample/0101/1: the site has signed two histories"
test -s judge/copies/evidence/0101-1

# A rotten byte is repaired from the copy, and what was there is kept.
cp -r store rotten
printf X | dd of=rotten/journal/segment-00000000000000000000 bs=1 seek=2000 conv=notrunc status=none
expect 7 verify rotten/journal
expect 0 repair --data rotten --from centre/copies/0101-1
says stdout "bytes 2000 to 2001 replaced; what was there is in set-aside/"
says stdout "501 entries, 501 signed: the journal holds"
expect 0 verify rotten/journal --key store.vkey
expect 6 repair --data rotten --from centre/copies/0101-1
printf X | dd of=rotten/journal/segment-00000000000000000000 bs=1 seek=2000 conv=notrunc status=none
expect 7 repair --data rotten --from centre
says stderr "expected stockade/sample/0101/1"
expect 3 repair --data rotten --from nowhere
