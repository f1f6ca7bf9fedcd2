# stockade recover: the folder appears whole or not at all, and threads change none of its tables.
. "$SOURCE_DIR/tests/command/lib.sh"

small_estate shop
expect 0 recover --estate shop --from 2026-01-07 --days 7 --paths 3 --out recovery
says stdout "back at 95 % of lines"
test -s recovery/recover.html
test -s recovery/summary.json
expect 0 recover --estate shop --from 2026-01-07 --days 7 --paths 3 --out again --threads 2
cmp recovery/availability.csv again/availability.csv
expect 2 recover --estate shop --from 2026-01-07 --out shop
expect 2 recover --estate shop --from 2026-01-07 --days 0 --out other
expect 3 recover --estate shop --from 2026-01-07 --truth nowhere.csv --out other
test ! -e other
