# stockade sample: the same bytes for the same options, and never over somebody else's files.
. "$SOURCE_DIR/tests/command/lib.sh"

digest() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum); }
sizes=(--stores 3 --lines 30 --days 70)

expect 0 sample "${sizes[@]}" --seed 7 --threads 1 --out one
says stdout "one: 3 stores"
test "$(tail -n 1 stdout)" = "as-of 2026-06-14"
test ! -s stderr
expect 0 sample "${sizes[@]}" --seed 7 --threads 2 --out two
test "$(digest one)" = "$(digest two)"
expect 0 sample "${sizes[@]}" --seed 8 --out two # an earlier sample may be replaced
test "$(digest one)" != "$(digest two)"
expect 0 check --estate one
expect 0 forecast --estate one --as-of 2026-06-14 --horizon 7 --out forecast.csv
says forecast.csv "site,product,date,mean,"

# Compressed, with stores that went dark: other files, an estate all the same.
expect 0 sample "${sizes[@]}" --dark-days 5 --dark-share 1 --compress zst --out dark
says stdout "3 stores did not report the last 5 days"
test -e dark/sales.csv.zst
expect 0 check --estate dark --as-of 2026-06-14
says stdout "has been silent for 5 periods"

mkdir mine
echo precious >mine/letter
expect 3 sample "${sizes[@]}" --out mine
says stderr "mine: the folder is not empty"
test "$(ls -A mine)" = letter
test -z "$(find . -name '*.part-*')"

if [ "$(id -u)" != 0 ]; then
  mkdir -m 555 locked
  expect 5 sample "${sizes[@]}" --out locked/shop
  says stderr "locked/shop"
fi
echo file >file
expect 5 sample "${sizes[@]}" --out file/shop
says stderr "file/shop"

# The last day that sales.csv can hold is the last that a sample may end on.
expect 0 sample "${sizes[@]}" --last-day 2079-06-06 --out late
expect 0 check --estate late
expect 0 order --estate late --as-of 2079-06-06 --out orders
expect 2 sample "${sizes[@]}" --last-day 2079-06-07 --out later
test ! -e later
