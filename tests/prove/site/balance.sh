# Units balance after every event, whatever is commanded, crashes, comes twice or is made up.
. tests/prove/lib.sh
unit_tests trade_test 'Auditor.*:Absurdity.*:Books.*'
row "an auditor agrees after every event; absurd foreign entries" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 4")" \
  "trade_test --gtest_filter=Auditor.*:Absurdity.*:Books.*"
filter='Crash.*:SiteProperty.*:PeerTest.*:LoopTest.*'
unit_tests site_test "$filter"
row "crashes at every disk operation, random wishes, repeats" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 20")" "site_test --gtest_filter=$filter"
digests=""
for preset in release debug; do
  cmake --preset "$preset" >&2 && cmake --build --preset "$preset" --target stockade >&2
  rm -rf build/prove/bench-replay
  digests+="$("build/$preset/stockade" bench replay --events 20000 --json \
    --folder build/prove/bench-replay | sed -n 's/.*"digest": "\([0-9a-f]*\)".*/\1/p') "
done
set -- $digests
row "the same digest in debug and release" "${1:0:16} ${2:0:16}" "equal" \
  "$([ -n "$1" ] && [ "$1" = "$2" ] && echo pass || echo FAIL)" \
  "stockade bench replay --events 20000"
