# needs ../shared
# Calibration of quantiles and tenths: daily data on its holdout, weekly data on the six windows.
json() { grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'; }
measure() { # NAME ESTATE HORIZON AS_OF...
  local name=$1 estate=$2 horizon=$3 result quantile tenth
  shift 3
  for day in "$@"; do
    result=$("$STOCKADE" evaluate --estate "$SHARED/data/$estate" --as-of "$day" --horizon "$horizon" --json)
    quantile=$(json worst_quantile_points <<<"$result")
    tenth=$(json worst_tenth_points <<<"$result")
    awk -v name="$name, $day" -v q="$quantile" -v t="$tenth" -v command="stockade evaluate --estate \$SHARED/data/$estate --as-of $day --horizon $horizon" 'BEGIN {
      printf "calibration, %s | quantiles %s, tenths off by %.1f points | within 3 points | %s | %s\n", name, q <= 0 ? "hold" : "off by " q, t, (q <= 0 && t <= 3) ? "pass" : "FAIL", command }'
  done
}
measure daily m5-foods 28 2016-04-24
measure weekly vn2 8 2023-05-14 2023-07-09 2023-09-03 2023-10-29 2023-12-24 2024-02-18
