# Allotments at three stores; the online site is cut off, and the stores sell and count meanwhile.
. tests/prove/lib.sh
unit_tests trade_test 'CutLinks.*:Allotment.*'
row "cut links" "${PASSED:-0} tests, $FAILED failed" \
  "no promise without goods beyond counted loss; no short is paid for" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 3")" "trade_test"
