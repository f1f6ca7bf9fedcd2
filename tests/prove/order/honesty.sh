# The fast path against the slow, obvious oracle; the same bytes for any number of threads, in debug
# and release builds.
. tests/prove/lib.sh
cmake --build --preset release --target planner_test nightly_test >&2
for program in planner nightly; do
  command="build/release/${program}_test --gtest_filter=*racle*"
  output=$($command 2>&1) && right=pass || right=FAIL
  if grep -q '^\[  SKIPPED' <<<"$output"; then right=SKIPPED; fi
  row "fast path against the oracle, $program" \
    "$(grep -oE '[0-9]+ tests? from' <<<"$output" | tail -n 1) $program" "equal" $right "$command"
done
cmake --preset debug >/dev/null
cmake --build --preset debug --target stockade >&2
estate=build/prove/honesty-synthetic
sample $estate --stores 12 --lines 200 --days 400 --seed 3
for run in release:1 release:2 release:16 debug:2; do
  out=build/prove/honesty-${run/:/-}
  build/"${run%:*}"/stockade order --estate $estate --as-of 2026-06-14 --out "$out" \
    --threads "${run#*:}" >&2
  (cd "$out" && cat orders.csv depot_orders.csv supplier_forecast.csv | sha256sum | cut -c1-16)
done >build/prove/honesty.txt
count=$(sort -u build/prove/honesty.txt | wc -l)
row "same bytes: threads 1, 2, 16 and a debug build" \
  "$count digest(s) in 4 runs, $(head -n 1 build/prove/honesty.txt)" "1 digest" \
  "$(verdict "$count == 1")" "stockade order --estate $estate --as-of 2026-06-14 --threads N"
