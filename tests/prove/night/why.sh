# needs ../shared
# The reason for every quantity: what why recomputes ends in the number of orders.csv, and before
# sharing in what the run asked for.
. tests/prove/lib.sh

# Lines of JSON on standard input -> "site,product,units,differing drops", one line each.
figures() {
  sed -E 's/^\{"site":"([^"]*)","product":"([^"]*)","units":([0-9]+),.*"drops":/\1,\2,\3 /' |
    awk '{
      differing = 0
      rest = $0
      while (match(rest, /"asked":[0-9]+,"wished":[0-9]+/)) {
        split(substr(rest, RSTART, RLENGTH), part, /[:,]/)
        differing += part[2] != part[4]
        rest = substr(rest, RSTART + RLENGTH)
      }
      print $1 "," differing
    }'
}

# compare ORDERS FIGURES: lines that are equal to orders.csv in units and in what was asked, of all
# explained; a line that is not in orders.csv has 0 units.
compare() {
  awk -F, '
    FNR == NR { if (FNR > 1) ordered[$3 "," $4] += $5; next }
    { ++all; equal += $3 == ordered[$1 "," $2] + 0 && $4 == 0; some += $3 > 0 }
    END { print equal + 0, all + 0, some + 0 }' "$1" "$2"
}

# explained NAME ESTATE AS-OF LINES WHAT: a row.
explained() {
  local work=build/prove/why-$1 equal all some begin seconds
  begin=$(date +%s.%N)
  "$STOCKADE" why --estate "$2" --as-of "$3" --lines "$4" | figures >"$work.csv"
  seconds=$(calc "$(date +%s.%N) - $begin")
  read -r equal all some < <(compare "$work/orders.csv" "$work.csv")
  row "why, $5" "$equal of $all equal, $some of them ordered, in $seconds s" "all" \
    "$(verdict "$equal == $all && $all == $(($(wc -l <"$4") - 1)) && $some > 0")" \
    "stockade why --estate $2 --as-of $3 --lines $4"
}

work=build/prove/why-vn2
"$STOCKADE" order --estate "$SHARED/data/vn2" --as-of 2024-04-08 --out $work >&2
{ echo site,product; awk -F, 'FNR > 1 && $5 > 0 { print $3 "," $4 }' $work/orders.csv | sort -u
} >$work-lines.csv
explained vn2 "$SHARED/data/vn2" 2024-04-08 $work-lines.csv "every ordered line of VN2"

work=build/prove/why-sample
estate=build/prove/why-synthetic
sample $estate --stores 60 --lines 400 --days 200 --seed 4
"$STOCKADE" order --estate $estate --as-of 2026-06-14 --out $work >&2
# Ten thousand lines drawn by a generator of fixed start, ordered or not.
{ echo site,product
  awk -F, 'FNR > 1 { print $1 "," $2 }' $estate/range.csv | sort -u |
    awk 'BEGIN { srand(7) } { print rand() "\t" $0 }' | sort -n | cut -f 2 | sed -n 1,10000p
} >$work-lines.csv
explained sample $estate 2026-06-14 $work-lines.csv "10,000 random lines of the sample"
