# The fast path against the slow, obvious oracle; the same bytes for any number of threads, in debug and release builds.
cmake --build --preset release --target planner_test nightly_test >&2
for program in planner nightly; do
  command="build/release/${program}_test --gtest_filter=*racle*"
  if output=$("build/release/${program}_test" --gtest_filter='*racle*' 2>&1); then verdict=pass; else verdict=FAIL; fi
  count=$(grep -oE '[0-9]+ tests? from' <<<"$output" | tail -n 1)
  skipped=$(grep -c 'SKIPPED' <<<"$output" || true)
  echo "fast path against the oracle, $program | ${count:-none}, $skipped skipped lines | equal | $verdict | $command"
done
cmake --preset debug >/dev/null
cmake --build --preset debug --target stockade >&2
estate=build/prove/honesty-synthetic
[ -e "$estate/sample.toml" ] || "$STOCKADE" sample --stores 12 --lines 200 --days 400 --seed 3 --out "$estate" >&2
digests=""
for run in release:1 release:2 release:16 debug:2; do
  out=build/prove/honesty-${run/:/-}
  build/"${run%:*}"/stockade order --estate "$estate" --as-of 2026-06-14 --out "$out" --threads "${run#*:}" >&2
  digests+="$(cat "$out/orders.csv" "$out/depot_orders.csv" "$out/supplier_forecast.csv" | sha256sum | cut -c1-16) "
done
distinct=$(tr ' ' '\n' <<<"$digests" | grep -c . || true)
same=$(tr ' ' '\n' <<<"$digests" | grep . | sort -u | wc -l)
[ "$same" = 1 ] && verdict=pass || verdict=FAIL
echo "same bytes, threads 1, 2, 16 and a debug build | $distinct runs, $same digest(s): ${digests%% *} | 1 digest | $verdict | stockade order --estate $estate --as-of 2026-06-14 --threads N"
