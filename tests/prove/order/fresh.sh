# A synthetic estate with calendars, cases and expiry: waste and lost sales against the benchmark rule, on its true demand.
json() { grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'; }
estate=build/prove/fresh-synthetic
[ -e "$estate/sample.toml" ] || "$STOCKADE" sample --stores 40 --lines 300 --days 400 --seed 1 --out "$estate" >&2
command="stockade backtest --estate $estate --from 2026-04-20 --periods 56 --truth"
play() { "$STOCKADE" backtest --estate "$estate" --from 2026-04-20 --periods 56 --truth --json --policy "$1"; }
rule=$(play benchmark)
ours=$(play stockade)
for what in lost waste; do
  awk -v what="$what" -v rule="$(json ${what}_pence <<<"$rule")" -v ours="$(json ${what}_pence <<<"$ours")" \
    -v demand="$(json demand_pence <<<"$ours")" -v command="$command" 'BEGIN {
    printf "synthetic sample: %s, share of demand by value | %.2f %%, benchmark %.2f %% | less | %s | %s\n", what, ours / demand * 100, rule / demand * 100, ours < rule ? "pass" : "FAIL", command }'
done
