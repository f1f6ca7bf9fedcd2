# Orders that are replayed, older than a newer one, altered, or of a key that may not speak.
. tests/prove/lib.sh
unit_tests trade_test 'Told*'
row "orders replayed, reordered, late, doubled by another path" "$PASSED tests" "none failed" \
  "$(verdict "$FAILED == 0")" "trade_test --gtest_filter='Told*'"
unit_tests site_test 'Offers*:OrderOffer*:EmergencyOrder*:Waves*:StoreNight*:CentreGone*'
row "orders altered, of revoked and foreign keys, rehearsed, typed without a call back" \
  "$PASSED tests" "none failed" "$(verdict "$FAILED == 0")" \
  "site_test --gtest_filter='Offers*:Waves*:CentreGone*'"
