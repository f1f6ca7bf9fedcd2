# Random commands at an owner of cards, two stores and a till, each command twice, processes lost
# before and after any of them: the ledgers, the receipts and the journals must agree.
. tests/prove/lib.sh
filter='Money.*:SaleMade.*:RefundMade.*:NoticeBooked.*'
unit_tests trade_test "$filter"
sold=$(said 'sales acknowledged') kept=$(said 'sales in journals')
unsound=$(said 'ledgers that do not add up')
row "money under crashes and duplicates" \
  "${PASSED:-0} tests; $sold sales acknowledged, $kept in journals, $(said 'commands refused') \
commands refused, $unsound ledgers that do not add up" \
  "each acknowledged sale once, every ledger adds up" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 10 && ${sold:-0} >= 400 && ${sold:-0} == ${kept:--1} \
&& ${unsound:-1} == 0")" "trade_test --gtest_filter=$filter"
