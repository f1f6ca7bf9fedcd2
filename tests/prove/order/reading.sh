# Reading: 50 million sales rows, and every kind of broken file.
. tests/prove/lib.sh
cmake --build --preset release --target read_speed estate_test >&2
estate=build/prove/sales-50m
[ -e $estate ] || build/release/read_speed make $estate 2000 250 100 date >&2
for threads in 1 2; do
  figures=$(build/release/read_speed read $estate $threads 2>&1 | tail -n 1)
  seconds=$(grep -oE '[0-9.]+ s' <<<"$figures" | head -n 1 | grep -oE '[0-9.]+')
  row "50 million sales rows, $threads thread(s)" "$figures" "well under 60 s" \
    "$(verdict "$seconds < 45")" "build/release/read_speed read $estate $threads"
done
rm -rf $estate
filter='*roken*:*rror*'
output=$(build/release/estate_test --gtest_filter="$filter" 2>&1) && right=pass || right=FAIL
row "broken files name file, line, column, value" \
  "$(grep -oE '[0-9]+ tests? from' <<<"$output" | tail -n 1) src/estate" "every kind" $right \
  "build/release/estate_test --gtest_filter=$filter"
