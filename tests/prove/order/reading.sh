# Reading: 50 million sales rows, and every kind of broken file.
cmake --build --preset release --target read_speed estate_test >&2
file=build/prove/sales-50m
[ -e "$file" ] || build/release/read_speed make "$file" 2000 250 100 date >&2
for threads in 1 2; do
  figures=$(build/release/read_speed read "$file" "$threads" 2>&1 | tail -n 1)
  seconds=$(grep -oE '[0-9.]+ s' <<<"$figures" | head -n 1 | grep -oE '[0-9.]+')
  awk -v s="$seconds" -v figures="$figures" -v threads="$threads" 'BEGIN {
    printf "50 million sales rows, %d thread(s) | %s | well under 60 s | %s | build/release/read_speed read sales-50m %d\n", threads, figures, s < 45 ? "pass" : "FAIL", threads }'
done
rm -rf "$file"
command="build/release/estate_test --gtest_filter=*roken*:*rror*"
if output=$(build/release/estate_test --gtest_filter='*roken*:*rror*' 2>&1); then verdict=pass; else verdict=FAIL; fi
count=$(grep -oE '[0-9]+ tests? from' <<<"$output" | tail -n 1)
echo "broken files name file, line, column and value | $count, see src/estate/read_test.cc | all | $verdict | $command"
