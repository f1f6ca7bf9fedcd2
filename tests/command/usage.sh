# Every command explains itself, and a wrong command line ends with 2 and one reason on stderr.
. "$SOURCE_DIR/tests/command/lib.sh"

expect 0 --help
sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' stdout >commands
for command in check compare forecast sample; do
  grep -qx "$command" commands || { echo "--help does not list $command"; exit 1; }
done
while read -r command; do
  expect 0 "$command" --help
  says stdout "Example:"
  says stdout "stockade $command "
  says stdout "Exit codes: 0 done; 2 "
  expect 2 "$command" --no-such-option
  test -s stderr
  test ! -s stdout
done <commands

expect 2
test -s stderr
expect 2 sample --stores 1 --out shop
says stderr "--stores"
expect 2 sample --compress rar --out shop
says stderr "--compress"
expect 2 check --estate shop --as-of 2026-02-30
says stderr "2026-02-30"
test ! -e shop
