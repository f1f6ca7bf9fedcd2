# The synthetic estate with the last 10 days of sales and stock removed for 30 % of sites.
estate=build/prove/blind-synthetic
[ -e "$estate/sample.toml" ] || "$STOCKADE" sample --stores 40 --lines 300 --days 400 --seed 2 --dark-days 10 --dark-share 0.3 --out "$estate" >&2
command="stockade order --estate $estate --as-of 2026-06-14 --out build/prove/blind"
printed=$("$STOCKADE" order --estate "$estate" --as-of 2026-06-14 --out build/prove/blind)
# orders.csv: find the columns by name; a line without a stock record says so in its reason.
awk -F, -v command="$command" '
  NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; next }
  $at["reason"] == "stock_unknown" { ++lines; if ($at["units"] > $at["expected_demand"] + 1e-9) ++above }
  END { printf "blind lines ordered above their expected sales | %d of %d | none | %s | %s\n", above, lines, (lines > 0 && above == 0) ? "pass" : "FAIL", command }' build/prove/blind/orders.csv
lost=$(grep -oE 'at most [0-9.]+ %' <<<"$printed" || true)
[ -n "$lost" ] && verdict=pass || verdict=FAIL
echo "availability lost is printed | ${lost:-not printed} of tonight's expected sales | printed | $verdict | $command"
