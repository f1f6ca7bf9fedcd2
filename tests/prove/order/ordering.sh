# needs ../shared
# Ordering quality on real weekly data: six windows against the benchmark rule, whose costs are known to the cent.
json() { grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'; }
costs() { grep -oE '"from": "[0-9-]+", "cost": [0-9.]+' | grep -oE '[0-9.]+$'; }
command="stockade backtest --estate \$SHARED/data/vn2 --from 2023-05-15 --periods 48 --json"
play() { "$STOCKADE" backtest --estate "$SHARED/data/vn2" --from 2023-05-15 --periods 48 --json --policy "$1"; }
rule=$(play benchmark)
ours=$(play stockade)
known="4321.8 4395.0 4799.2 8924.6 4785.8 4367.8"
seen=$(costs <<<"$rule" | awk '{printf "%s%.1f", NR > 1 ? " " : "", $1}')
[ "$seen" = "$known" ] && verdict=pass || verdict=FAIL
echo "benchmark rule, cost per window | $seen | exactly $known | $verdict | $command --policy benchmark"
paste <(costs <<<"$rule") <(costs <<<"$ours") | awk -v command="$command" '
  { rule += $1; ours += $2; under = (1 - $2 / $1) * 100; list = list sprintf("%s%.1f", NR > 1 ? " " : "", under)
    if (NR == 1 || under < worst) worst = under }
  END {
    sum = (1 - ours / rule) * 100
    printf "cost under the benchmark, six windows | %.2f %% | >= 9 %%, aim 13 %% | %s | %s\n", sum, sum >= 9 ? "pass" : "FAIL", command
    printf "under it per window | %s %% | worse in none | %s | %s\n", list, worst >= 0 ? "pass" : "FAIL", command }'
