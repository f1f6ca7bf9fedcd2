# One gift card, five stores that are cut off, reconnected: the loss beside its bound, with names.
. tests/prove/lib.sh
filter='DoubleSpend.*:Loss.*:Offline.*:Reconcile.*'
unit_tests trade_test "$filter"
loss=$(said 'loss pence') bound=$(said 'bound pence') named=$(said 'receipts named')
row "a card spent at 5 cut-off stores" \
  "${PASSED:-0} tests; lost ${loss:-?}p of at most ${bound:-?}p, ${named:-?} receipts named" \
  "loss <= (5 - 1) x cap x days, each receipt named" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 8 && ${loss:-1} <= ${bound:-0} && ${loss:-0} > 0 \
&& ${named:-0} == 5")" "trade_test --gtest_filter=$filter"
