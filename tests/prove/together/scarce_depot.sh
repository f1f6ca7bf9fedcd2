# One depot, 2,500 orders of 400 lines for twice its stock, each offered three times.
. tests/prove/lib.sh
command="stockade bench wave --stores 2500 --lines 400 --threads 2 --json"
printed=$("$STOCKADE" ${command#stockade })
seconds=$(json seconds <<<"$printed") refused=$(json refused <<<"$printed")
row "allocation at wave close" \
  "$(calc "$seconds") s; of $(json offered <<<"$printed") offers $refused duplicates refused" \
  "<= 2 s on 2 cores, 5000 refused" "$(verdict "$seconds <= 2 && $refused == 5000")" "$command"
unit_tests site_test 'WaveTest.*'
row "the rule by hand: nobody without, lifelines whole, not who came first" "${PASSED:-0} tests" \
  "all" "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 8")" "site_test --gtest_filter=WaveTest.*"
unit_tests planner_test 'Scarcity*'
row "the rule against its oracle, pack by pack" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 19")" "planner_test --gtest_filter=Scarcity*"
