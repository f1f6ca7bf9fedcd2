# needs ../shared
# One window of real weekly data played through `order` itself, as a planner would run it: each week
# a folder with the sales so far, stock and goods under way goes in, and orders.csv comes out. It
# must cost what the backtest says, to the unit.
. tests/prove/lib.sh
vn2=$SHARED/data/vn2
from=2024-02-19
estate=build/prove/vn2-week
out=build/prove/vn2-week-orders
rm -rf $estate $out
mkdir -p $estate
cp "$vn2"/{estate.toml,sites.csv,products.csv} $estate
sales=build/prove/vn2-sales.csv # date,site,product,units,in_stock
tr -d '\r' <"$vn2/sales.csv" >$sales

monday() { date -u -d "$from $(($1 * 7)) days" +%F; } # week 0 begins on $from
# Lines as SITE,PRODUCT,UNITS: the start, from in-stock sales of the last 13 weeks.
start_units() { # TIMES
  awk -F, -v from="$(monday -13)" -v to="$(monday -1)" -v times="$1" '
    NR == 1 { next }
    { line = $2 "," $3; seen[line] = 1 }
    $1 >= from && $1 <= to && $5 != 0 { sum[line] += $4; count[line]++ }
    END {
      for (line in seen)
        printf "%s,%.0f\n", line, (count[line] > 0 ? times * (sum[line] / count[line]) : 0)
    }' $sales | sort
}
start_units 1.5 >build/prove/vn2-on-hand
for week in 0 1; do start_units 1 >build/prove/vn2-due-$week; done
cost=0
for week in 0 1 2 3 4 5 6 7; do
  if [ $week -lt 6 ]; then
    awk -F, -v last="$(monday $((week - 1)))" 'NR == 1 || $1 <= last' $sales >$estate/sales.csv
    { echo site,product,on_hand_units && cat build/prove/vn2-on-hand; } >$estate/stock.csv
    {
      echo site,product,units,due_date
      for due in $week $((week + 1)); do
        sed "s/$/,$(monday "$due")/" build/prove/vn2-due-"$due"
      done
    } >$estate/on_order.csv
    "$STOCKADE" order --estate $estate --as-of "$(monday $((week - 1)))" --out $out >/dev/null
    awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
      { print $column["site"] "," $column["product"] "," $column["units"] }' $out/orders.csv |
      sort >build/prove/vn2-due-$((week + 2))
  fi
  cost=$(awk -F, -v monday="$(monday $week)" -v cost="$cost" -v counts=$((week >= 2)) '
    FILENAME == ARGV[1] { if ($1 == monday) wanted[$2 "," $3] = $4; next }
    { stock[$1 "," $2] += $3 }
    END {
      for (line in stock) {
        sold = stock[line] < wanted[line] ? stock[line] : wanted[line]
        print line "," stock[line] - sold >"build/prove/vn2-left"
        if (counts) cost += 0.2 * (stock[line] - sold) + (wanted[line] - sold)
      }
      printf "%.1f", cost
    }' $sales build/prove/vn2-on-hand build/prove/vn2-due-$week)
  sort build/prove/vn2-left >build/prove/vn2-on-hand
done
command="stockade backtest --estate \$SHARED/data/vn2 --from $from --periods 8"
expected=$("$STOCKADE" backtest --estate "$vn2" --from $from --periods 8 --json | json cost)
row "cost of window $from through \`order\`" "$cost" "$(calc "$expected") as \`backtest\`" \
  "$(verdict "$cost - $expected < 0.05 && $expected - $cost < 0.05")" "$command"
