# Every state, verb and role of every table: the listed moves work, all others are refused by name.
. tests/prove/lib.sh
unit_tests trade_test 'Rules.*:Life.*:Seen.*'
row "state x verb, verb x role x kind of site" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 6")" "trade_test --gtest_filter=Rules.*:Life.*:Seen.*"
unit_tests api_test 'ApiRoles.*'
row "routes x roles, over HTTP" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 1")" "api_test --gtest_filter=ApiRoles.*"
