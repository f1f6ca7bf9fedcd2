# A synthetic estate with calendars, cases and expiry: waste and lost sales against the benchmark
# rule, on its true demand.
. tests/prove/lib.sh
estate=build/prove/fresh-synthetic
sample $estate --stores 40 --lines 300 --days 400 --seed 1
options="--estate $estate --from 2026-04-20 --periods 56 --truth"
# shellcheck disable=SC2086
play() { "$STOCKADE" backtest $options --json --policy "$1"; }
rule=$(play benchmark)
ours=$(play stockade)
demand=$(json demand_pence <<<"$ours")
for what in lost waste; do
  of_ours=$(calc "$(json ${what}_pence <<<"$ours") / $demand * 100")
  of_rule=$(calc "$(json ${what}_pence <<<"$rule") / $demand * 100")
  row "synthetic sample, $what of demand by value" "$of_ours %, benchmark $of_rule %" "less" \
    "$(verdict "$of_ours < $of_rule")" "stockade backtest $options"
done
