# Twenty sites with cuts, crashes, wrong clocks, attackers and one site away for thirty days, then
# together again: a thousand seeds, one core.
. tests/prove/lib.sh
command="stockade sim --seeds 1..1000 --commands 800 --marks --json"
FAILED=0
printed=$("$STOCKADE" ${command#stockade }) || FAILED=1
each=$(calc "$(json seconds <<<"$printed") / $(json seeds <<<"$printed")")
missing=$(json marks_missing <<<"$printed")
row "apart and together" \
  "$(json seeds <<<"$printed") seeds, $(json events <<<"$printed") events, $each s each; \
$missing rare paths not gone" "all converge, <= 0.25 s each, every mark hit" \
  "$(verdict "$FAILED == 0 && $each <= 0.25 && $missing == 0")" "$command"
unit_tests rehearse_test 'Planted*:Rehearsal*'
row "planted mistakes are found; a seed replays byte for byte" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 6")" "rehearse_test"
