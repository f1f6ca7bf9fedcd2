# A till and its store on one disk; the power goes at each operation, with every kind of torn write.
. tests/prove/lib.sh
filter='TillCrash.*:TillBooks.*'
unit_tests site_test "$filter"
points=$(said 'crash points') kept=$(said "receipts in customers' hands")
row "power lost in the middle of a till's sale" \
  "${PASSED:-0} tests; ${points:-?} crash points, ${kept:-?} receipts in customers' hands, all in \
the journal; stock moved once for each" \
  "a sale whole or absent; no receipt missing; stock moves once" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 2 && ${points:-0} >= 200 && ${kept:-0} > 0")" \
  "site_test --gtest_filter=$filter"
