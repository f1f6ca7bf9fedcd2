# needs ../shared
# Forecast quality on real daily data, the last 28 days held out.
. tests/prove/lib.sh
estate=$SHARED/data/m5-foods
result=$("$STOCKADE" evaluate --estate "$estate" --as-of 2016-04-24 --horizon 28 --json)
better=$(json better_percent <<<"$result")
row "forecast error (RMSSE), better than smoothing" \
  "$(json rmsse <<<"$result") to $(json rmsse_smoothing <<<"$result"): $better %" \
  ">= 3 %, aim 5.5 %" "$(verdict "$better >= 3")" \
  'stockade evaluate --estate $SHARED/data/m5-foods --as-of 2016-04-24 --horizon 28'
