# A store's and a depot's day over HTTP with real processes; in the end the numbers are the
# ledger's.
. tests/prove/lib.sh
rm -rf build/prove/site-day
mkdir -p build/prove/site-day
lines=$(cd build/prove/site-day && bash -euo pipefail "$SOURCE_DIR/tests/command/day.sh" |
  sed -n 's/ lines as the ledger has them$//p')
row "a day at a store and its depot" "${lines:-0} lines as the ledger has them" "all" \
  "$(verdict "${lines:-0} > 100")" "bash tests/command/day.sh"
