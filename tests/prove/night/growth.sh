# Time per line from 1 to 20 million lines: a night twice as large takes twice as long. Each size
# five times, in turns, and the best counts: what else the machine does is not growth.
. tests/prove/lib.sh
runs=
for _ in 1 2 3 4 5; do
  for millions in 1 5 10 20; do
    seen=$("$STOCKADE" bench order --stores $((millions * 125)) --lines 8000 --threads 2 --json)
    runs+="$millions $(calc "$(json seconds <<<"$seen") * 1e3 / $millions")"$'\n'
  done
done
all=$(awk 'NF { if (!($1 in best) || $2 < best[$1]) best[$1] = $2 }
  END { print best[1], best[5], best[10], best[20] }' <<<"$runs")
spread=$(tr ' ' '\n' <<<"$all" | awk '
  NF { if (!n++ || $1 < low) low = $1; if ($1 > high) high = $1 }
  END { printf "%.2f", (high / low - 1) * 100 }')
row "ns per line at 1, 5, 10, 20 million lines" "$all (apart by $spread %)" "within 20 %" \
  "$(verdict "$spread <= 20")" "stockade bench order --stores 125..2500 --lines 8000 --threads 2"
