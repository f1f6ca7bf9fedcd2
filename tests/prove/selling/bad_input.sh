# What a guest may send that is wrong: malformed, huge, negative, with another currency, replayed,
# guessed order numbers, and guessed codes of cards.
. tests/prove/lib.sh
unit_tests api_test 'Shopfronts.*:Shopfront.*'
row "bad input, shop" "${PASSED:-0} tests, $FAILED failed" \
  "a problem document, nothing held, guesses are limited" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 5")" "api_test"
filter='CardResources*'
unit_tests api_test "$filter"
over_http=${PASSED:-0} broken=$FAILED
unit_tests site_test 'CardsAtASite.*:CardsOfAnEstate.*:CardNotices.*:CardCrash.*'
row "bad input, cards" "$over_http + ${PASSED:-0} tests, $((broken + FAILED)) failed; \
$(said 'crash points') crash points" \
  "unknown, stopped, frozen: the same bytes; guesses are limited; no code in log or journal; \
each notice booked once" \
  "$(verdict "$broken + $FAILED == 0 && $over_http >= 11 && ${PASSED:-0} >= 12")" \
  "api_test --gtest_filter=$filter, site_test"
