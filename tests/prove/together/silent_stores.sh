# Silent stores get their standing orders: how far that is from being heard. The figure is, line by
# line over a week, the difference between standing and heard orders, against the forecast's own.
. tests/prove/lib.sh
rm -rf build/prove/bench-silent
command="stockade bench silent --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-silent)
orders=$(json order_error <<<"$printed") forecast=$(json forecast_error <<<"$printed")
heard=$(json lost_heard <<<"$printed") standing=$(json lost_standing <<<"$printed")
row "250 stores, 40 % silent, islands among them" \
  "$(json silent <<<"$printed") silent ($(json lifelines <<<"$printed") lifelines): \
orders differ by $(calc "100 * $orders") %, the forecast erred by $(calc "100 * $forecast") %; \
lost sales $(calc "100 * $standing") %, $(calc "100 * $heard") % if heard" \
  "orders within forecast error" "$(verdict "$orders <= $forecast")" "$command"
