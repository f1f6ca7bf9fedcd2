# The synthetic estate with the last 10 days of sales and stock removed for 30 % of sites.
. tests/prove/lib.sh
estate=build/prove/blind-synthetic
sample $estate --stores 40 --lines 300 --days 400 --seed 2 --dark-days 10 --dark-share 0.3
options="--estate $estate --as-of 2026-06-14 --out build/prove/blind"
# shellcheck disable=SC2086
printed=$("$STOCKADE" order $options)
# Columns by name; a line without a stock record says so in its reason.
read -r lines above < <(awk -F, '
  NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
  $at["reason"] == "stock_unknown" {
    ++lines
    if ($at["units"] > $at["expected_demand"] + 0.005) ++above
  }
  END { print lines + 0, above + 0 }' build/prove/blind/orders.csv)
row "blind lines ordered above their expected sales" "$above of $lines" "none" \
  "$(verdict "$lines > 0 && $above == 0")" "stockade order $options"
lost=$(grep -oE 'at most [0-9.]+ %' <<<"$printed" || echo nothing)
row "availability lost" "$lost of expected sales" "printed" \
  "$([ "$lost" = nothing ] && echo FAIL || echo pass)" "stockade order $options"
