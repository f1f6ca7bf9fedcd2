# Every state and verb of an online order and of a parcel, a hold of 40 days with chilled food, and
# random customers, counters and pickers with repeated messages and crashes.
. tests/prove/lib.sh
unit_tests trade_test 'OnlineLife.*:Hold.*:Parcel.*:Pick.*:Cancellation.*:OnlineOrders.*'
row parcels "${PASSED:-0} tests, $FAILED failed" "no right lost, no unsafe food handed over" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 15")" "trade_test"
