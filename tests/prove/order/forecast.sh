# needs ../shared
# Forecast quality on real daily data, the last 28 days held out.
json() { grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'; }
command="stockade evaluate --estate \$SHARED/data/m5-foods --as-of 2016-04-24 --horizon 28"
result=$("$STOCKADE" evaluate --estate "$SHARED/data/m5-foods" --as-of 2016-04-24 --horizon 28 --json)
awk -v ours="$(json rmsse <<<"$result")" -v other="$(json rmsse_smoothing <<<"$result")" -v command="$command" 'BEGIN {
  better = (1 - ours / other) * 100
  printf "forecast error against smoothing | %.4f, %.4f: %.2f %% better | >= 3 %%, aim 5.5 %% | %s | %s\n", ours, other, better, better >= 3 ? "pass" : "FAIL", command }'
