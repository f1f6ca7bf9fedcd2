# Depots with a fifth of the hands: every pick_cases of the sample's capacity.csv is cut to 20 %.
# A fifth of what the night itself would pick in each lane is no measure: where a lane serves nobody
# but one lifeline store, its first tier alone is more than that. Orders of customers are left out,
# so that both ways of sharing are judged by stores alone.
. tests/prove/lib.sh
estate=build/prove/hands-synthetic
sample $estate --stores 40 --lines 600 --days 200 --seed 1
ample=build/prove/hands-ample few=build/prove/hands-few
for folder in $ample $few; do
  rm -rf "$folder" && cp -r $estate "$folder"
  rm "$folder/customer_orders.csv"
done
# The lanes of summary.json that keep something back for want of hands: how many, of how many, the
# cases that they may pick, and those that they pick.
short_lanes() { # OUT
  awk -F'[:, ]+' '
    /"pick_cases":/ { cases = $3; all++ } /"pick_cases_max":/ { most = $3 }
    /"cases_withheld_for_hands":/ && $3 > 0 { lanes++; limit += most; picked += cases }
    END { print lanes + 0, all, limit + 0, picked + 0 }' "$1/summary.json"
}
as_of=$(sed -n 's/^last_day = "\(.*\)"/\1/p' $estate/sample.toml)
night() { # ESTATE OUT OPTION...
  local estate=$1 out=$2
  shift 2
  "$STOCKADE" order --estate "$estate" --as-of "$as_of" --out "$out" "$@" >&2
}
scaled() { # FACTOR
  awk -F, -v OFS=, -v factor="$1" 'NR > 1 { $4 = int($4 * factor) } 1' $estate/capacity.csv
}
scaled 100 >$ample/capacity.csv
scaled 0.2 >$few/capacity.csv
night $ample build/prove/hands-ample-out
night $few build/prove/hands-few-out
night $few build/prove/hands-first-out --share first_come

command="stockade order --estate $few"
read -r lanes all limit picked < <(short_lanes build/prove/hands-few-out)
row "hands of lanes that are short, used" \
  "$(calc "$picked / $limit * 100") % of $limit cases, $lanes of $all lanes" ">= 98 %" \
  "$(verdict "$lanes > 0 && $picked >= 0.98 * $limit")" "$command"

# First-tier lines of stores with lifeline 2 or 3: all, and those that get less than with ample
# hands. Names of products may hold commas, so their tier is counted from the end of the row.
lifelines() {
  awk -F, '
    FNR == 1 { file++; split("", at); for (i = 1; i <= NF; i++) at[$i] = i
               behind = NF - at["tier"]; next }
    file == 1 { if ($at["lifeline"] >= 2) store[$at["site"]] = 1; next }
    file == 2 { if ($(NF - behind) == 1) product[$at["product"]] = 1; next }
    $at["site"] in store && $at["product"] in product {
      key = $at["site"] "," $at["product"] "," $at["drop"] "," $at["due_date"]
      if (file == 3) { all++; units[key] = $at["units"] } else got[key] = $at["units"]
    }
    END { for (key in units) less += got[key] + 0 < units[key]; print all + 0, less + 0 }' \
    $estate/sites.csv $estate/products.csv build/prove/hands-ample-out/orders.csv "$1/orders.csv"
}
read -r all less < <(lifelines build/prove/hands-few-out)
row "first tier of lifeline stores, lines cut" "$less of $all" "0" \
  "$(verdict "$all > 0 && $less == 0")" "$command"

for what in pieces pence; do
  ours=$(json $what <build/prove/hands-few-out/summary.json)
  first=$(json $what <build/prove/hands-first-out/summary.json)
  row "expected lost sales, $what" \
    "$ours, $(calc "$ours / $first * 100") % of first come, first served" "<= 50 %" \
    "$(verdict "$ours <= $first / 2")" "$command, and with --share first_come"
done
