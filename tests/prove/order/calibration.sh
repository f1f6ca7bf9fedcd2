# needs ../shared
# Calibration of quantiles and of tenths on both sets of real data.
. tests/prove/lib.sh
measure() { # NAME ESTATE AS_OF HORIZON WINDOWS
  local options="--as-of $3 --horizon $4 --windows $5" result quantiles tenths
  # shellcheck disable=SC2086
  result=$("$STOCKADE" evaluate --estate "$SHARED/data/$2" $options --json)
  quantiles=$(json worst_quantile_points <<<"$result")
  tenths=$(json worst_tenth_points <<<"$result")
  row "calibration, $1" \
    "quantiles inside by $(calc "-($quantiles)"), tenths off by $tenths points" \
    "within 3 points" "$(verdict "$quantiles <= 0 && $tenths <= 3")" \
    "stockade evaluate --estate \$SHARED/data/$2 $options"
}
measure "daily, holdout" m5-foods 2016-04-24 28 1
measure "daily, the year before it" m5-foods 2015-04-27 28 13
measure "weekly, the six windows" vn2 2023-05-14 8 6
