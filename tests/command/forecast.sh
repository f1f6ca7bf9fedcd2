# stockade forecast: a broken estate or a place that cannot be written leaves no file behind.
. "$SOURCE_DIR/tests/command/lib.sh"

small_estate shop
expect 0 forecast --estate shop --as-of 2026-01-06 --horizon 2 --out forecast.csv
test "$(wc -l <forecast.csv)" = 7 # three lines, two days, and the header
mkdir out
printf '2026-01-06,S1\n' >>shop/sales.csv
expect 3 forecast --estate shop --as-of 2026-01-06 --out out/forecast.csv
says stderr "sales.csv:6: 2 fields; expected 4 as in the header"
test -z "$(ls -A out)"
expect 0 forecast --estate shop --as-of 2026-01-06 --out out/forecast.csv --lenient
expect 5 forecast --estate shop --as-of 2026-01-06 --out nowhere/forecast.csv --lenient
says stderr "nowhere"
