# stockade why: the table and the object of one line, many lines as JSON, and equal to orders.csv
# with and without a carried state.
. "$SOURCE_DIR/tests/command/lib.sh"

expect 0 sample --stores 3 --lines 40 --days 120 --seed 5 --last-day 2026-06-14 --out shop
expect 0 order --estate shop --as-of 2026-06-13 --out before --state state
expect 0 order --estate shop --as-of 2026-06-14 --out out --state state

# Units of each line: what orders.csv has, beside what why --all says.
awk -F, 'FNR > 1 { units[$3 "," $4] += $5 } END { for (key in units) print key "," units[key] }' \
  out/orders.csv | grep -v ',0$' | sort >ordered
test -s ordered
equal() { # OPTION...
  expect 0 why --estate shop --as-of 2026-06-14 "$@"
  sed -E 's/^\{"site":"([^"]*)","product":"([^"]*)","units":([0-9]+),.*/\1,\2,\3/' stdout |
    grep -v ',0$' | sort | diff ordered -
}
equal --all
equal --all --state state
equal --all --threads 3
{ echo product,site; awk -F, '{ print $2 "," $1 }' ordered; } >lines.csv
equal --lines lines.csv

# One line, whose last step is its number.
IFS=, read -r site product units <ordered
one() { expect 0 why --estate shop --as-of 2026-06-14 --site "$site" --product "$product" "$@"; }
one
says stdout "$site $product"
grep -qE "^level +[0-9.]+ +units a day" stdout
grep -qE "^units +$units +orders.csv: reason" stdout
one --json
says stdout "\"units\": $units,"
test "$(grep -c '"name": "level"' stdout)" = 1
says stdout '"because": '

# What is no line of the estate is named with what is known.
expect 6 why --estate shop --as-of 2026-06-14 --site S9 --product "$product"
says stderr "S9 $product: sites.csv has no such site"
expect 2 why --estate shop --as-of 2026-06-14 --site "$site"
expect 2 why --estate shop --as-of 2026-06-14 --all --site "$site" --product "$product"
printf 'shop,product\nS1,P1\n' >wrong.csv
expect 3 why --estate shop --as-of 2026-06-14 --lines wrong.csv
