# After ten days in which nothing was reported, ordered or delivered: the forecast of lines on the
# shelf, day by day, against the same estate played out with the customers, and from the shelves,
# that truly were. The bar is for the estate; categories and stores are held to it too.
. tests/prove/lib.sh
estate=build/prove/recover-synthetic
sample $estate --stores 40 --lines 300 --days 400 --seed 1 --dark-days 10 --dark-share 1 \
  --dark-deliveries --future-days 28
options="--estate $estate --from 2026-06-15 --days 28 --truth $estate/truth_future.csv"
options="$options --true-stock $estate/truth_stock.csv"
# shellcheck disable=SC2086
result=$("$STOCKADE" recover $options --out build/prove/recovery --json)
lowest=$(grep -oE '"played_out": [0-9.]+' <<<"$result" | sort -t ' ' -k 2 -g | head -n 1)
lowest=$(calc "${lowest##* } * 100")
measure() { # WHAT KEY
  local points
  points=$(json "$2" <<<"$result")
  row "sample after 10 days dark, error of the forecast $1" \
    "$(calc "$points") points; the emptiest day had $lowest %" "3 points or less" \
    "$(verdict "$points <= 3 && $lowest < 90")" "stockade recover $options"
}
measure "by day" mean_absolute_error_points
measure "by day and category" by_category_points
measure "by day and store" by_site_points
