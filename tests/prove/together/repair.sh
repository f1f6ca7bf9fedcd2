# A journal that has rotted, with a healthy copy at a peer; and what means harm on the way.
. tests/prove/lib.sh
unit_tests sync_test 'Repair*'
row "a rotted journal is repaired from a copy, proved and reported" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 10")" "sync_test --gtest_filter=Repair*"
unit_tests sync_test 'Forged*:Message*:Pack*'
row "forged, replayed, reordered, altered, revoked, truncated, future-dated" "${PASSED:-0} tests" \
  "all" "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 35")" "sync_test"
unit_tests rebuild_test '*'
row "two histories, absurd entries, foreign and revoked keys at a rebuild" "${PASSED:-0} tests" \
  "all" "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 14")" "rebuild_test"
