# What a guest may send that is wrong: malformed, huge, negative, with another currency, replayed,
# and guessed order numbers.
. tests/prove/lib.sh
unit_tests api_test 'Shopfronts.*:Shopfront.*'
row "bad input, shop" "${PASSED:-0} tests, $FAILED failed" \
  "a problem document, nothing held, guesses are limited" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 5")" "api_test"
