# stockade check: what it says of a sound, a broken and an empty estate, and how it ends.
. "$SOURCE_DIR/tests/command/lib.sh"

small_estate shop
expect 0 check --estate shop
says stdout "Small, by the day, as of 2026-01-06"
says stdout "sales.csv        4         0  2026-01-05  2026-01-06  current"
says stdout "1 of 2 open sites (50.0 %) reported the last period"
says stdout "S2 has been silent for 1 period"
says stdout "Ready: 3 lines can be ordered."
expect 0 check --estate shop --as-of 2026-01-09
says stdout "3 days old"

expect 0 check --estate shop --json
says stdout '"as_of": "2026-01-06"'
says stdout '"can_order": true'
if command -v python3 >python; then python3 -m json.tool stdout >json; fi

# Nothing to order: a report all the same, then 6.
cp -r shop early
expect 6 check --estate early --as-of 2026-01-01
says stderr "early: nothing can be ordered on 2026-01-01"
says stdout "no sales up to this day"
printf 'date,site,product,units\n' >early/sales.csv
expect 6 check --estate early
says stderr "sales.csv: no sales"

# Broken input: 3, with the place.
cp -r shop broken
printf '2026-01-06,S1,P2,x3\n2026-01-06,S9,P2,1\n' >>broken/sales.csv
expect 3 check --estate broken
says stderr 'sales.csv:6: column units: "x3": expected a whole number'
test ! -s stdout
expect 0 check --estate broken --lenient
says stderr "sales.csv: 2 rows left out"
says stdout "sales.csv:6  units   x3     expected a whole number"
says stdout "sales.csv:7  site    S9"

expect 3 check --estate nowhere
says stderr "nowhere"
mkdir hollow
expect 3 check --estate hollow
says stderr "hollow: expected a file estate.toml"
