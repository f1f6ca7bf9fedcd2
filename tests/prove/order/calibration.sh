# needs ../shared
# Calibration of quantiles and tenths: daily data on its holdout, weekly data on the six windows.
json() { grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'; }
measure() { # NAME ESTATE AS_OF HORIZON WINDOWS
  local command="stockade evaluate --estate \$SHARED/data/$2 --as-of $3 --horizon $4 --windows $5" result
  result=$("$STOCKADE" evaluate --estate "$SHARED/data/$2" --as-of "$3" --horizon "$4" --windows "$5" --json)
  awk -v name="$1" -v q="$(json worst_quantile_points <<<"$result")" -v t="$(json worst_tenth_points <<<"$result")" -v command="$command" 'BEGIN {
    printf "calibration, %s | quantiles %s, tenths off by at most %.1f points | within 3 points | %s | %s\n", name, q <= 0 ? "hold" : "off by " q, t, (q <= 0 && t <= 3) ? "pass" : "FAIL", command }'
}
measure "daily, holdout" m5-foods 2016-04-24 28 1
measure "daily, the year before it" m5-foods 2015-04-27 28 13
measure "weekly, the six windows" vn2 2023-05-14 8 6
