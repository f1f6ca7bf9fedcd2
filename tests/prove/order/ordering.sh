# needs ../shared
# Ordering quality on real weekly data: six windows against the benchmark rule, whose costs are
# known to the cent.
. tests/prove/lib.sh
play() {
  "$STOCKADE" backtest --estate "$SHARED/data/vn2" --from 2023-05-15 --periods 48 --json \
    --policy "$1"
}
costs() { grep -oE '"from": "[0-9-]+", "cost": [0-9.]+' | grep -oE '[0-9.]+$'; }
command='stockade backtest --estate $SHARED/data/vn2 --from 2023-05-15 --periods 48'
rule=$(play benchmark)
ours=$(play stockade)
known="4321.8 4395.0 4799.2 8924.6 4785.8 4367.8"
seen=$(costs <<<"$rule" | awk '{ printf "%s%.1f", NR > 1 ? " " : "", $1 }')
[ "$seen" = "$known" ] && exact=pass || exact=FAIL
row "benchmark rule, cost per window" "$seen" "exactly these" $exact "$command --policy benchmark"
under=$(calc "(1 - $(json cost <<<"$ours") / $(json cost <<<"$rule")) * 100")
row "cost under the benchmark, six windows" "$under %" ">= 9 %, aim 13 %" \
  "$(verdict "$under >= 9")" "$command"
each=$(paste <(costs <<<"$rule") <(costs <<<"$ours") |
  awk '{ printf "%s%.1f", NR > 1 ? " " : "", (1 - $2 / $1) * 100 }')
worst=$(tr ' ' '\n' <<<"$each" | sort -n | head -n 1)
row "under it, per window" "$each %" "worse in none" "$(verdict "$worst >= 0")" "$command"
