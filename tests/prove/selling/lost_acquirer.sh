# The acquirer is gone for 26 hours while a till sells, ten times over, and on bad lines as well.
. tests/prove/lib.sh
filter='LostAcquirer.*:Payment.*'
unit_tests trade_test "$filter"
twice=$(said 'payments charged twice') accepted=$(said 'forwarded and accepted')
debts=$(said 'over age')
row "line to the acquirer cut for 26 h" \
  "${PASSED:-0} tests; ${accepted:-?} forwarded once each in order, $(said 'refused late') refused \
late, ${debts:-?} over age (debts), $(said reversed) reversed; charged twice: ${twice:-?}" \
  "in order, once each; over-age ones are debts; charged twice: 0" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 8 && ${twice:-1} == 0 && ${accepted:-0} > 500 \
&& ${debts:-0} > 50")" "trade_test --gtest_filter=$filter"
