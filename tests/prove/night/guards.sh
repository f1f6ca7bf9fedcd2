# Guards: 28 clean nights of a sample estate, then each poison alone and all of them together,
# compared with the clean run of the same night; then one decision that lets all of them pass.
. tests/prove/lib.sh
work=build/prove/guards
estate=build/prove/guards-synthetic
nights=28
sample $estate --stores 40 --lines 250 --days 400 --seed 1
last=$(sed -n 's/^last_day = "\{0,1\}\([0-9-]*\)"\{0,1\}$/\1/p' $estate/sample.toml)
rm -rf $work
mkdir -p $work

day_before() { date -u -d "$last - $1 days" +%F; } # COUNT

# An estate folder as links, so that single files can be replaced.
linked() { # FROM TO
  mkdir -p "$2"
  local file
  for file in "$1"/*; do
    [ -d "$file" ] || ln -sf "$(realpath "$file")" "$2/"
  done
}
replace() { # FOLDER FILE AWK-PROGRAM: the file anew, header in names column["units"]
  mv "$1/$2" "$1/.$2"
  sed 's/"[^"]*"//g' "$1/.$2" | # quoted texts are names, which no order depends on
    awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; print; next }
      '"$3" >"$1/$2"
  rm "$1/.$2"
}

# Stock at the close of each night, back from the last: what was sold, wasted, received and counted
# after it is put back. Shelves only; depots keep the last day's.
for ((k = 0; k < nights; k++)); do echo "$k $(day_before $k)"; done >$work/dates
mkdir -p $work/stock
awk -F, -v work=$work '
  BEGIN { while ((getline line < (work "/dates")) > 0) { split(line, d, " "); day[d[1]] = d[2]
          ago[d[2]] = d[1]; n++ } }
  FNR == 1 { file++; next }
  file == 1 { if ($1 in ago) later[ago[$1], $2 "," $3] += $4; next }
  file == 2 { if ($1 in ago) later[ago[$1], $2 "," $3] += $5 == "waste" ? $4 : -$4; next }
  { line = $1 "," $2; if (!(line in stock)) lines[++count] = line; stock[line] += $4 }
  END { for (k = 0; k < n; k++) { name = work "/stock/" day[k] ".csv"
          print "site,product,on_hand_units" >name
          for (i = 1; i <= count; i++) { print lines[i] "," stock[lines[i]] >name
            if (lines[i] !~ /^D/) stock[lines[i]] += later[k, lines[i]] }
          close(name) } }' \
  $estate/sales.csv $estate/movements.csv $estate/stock.csv

order() { # ESTATE DAY OUT STATE [option...]
  "$STOCKADE" order --estate "$1" --as-of "$2" --out "$3" --state "$4" --json "${@:5}"
}

# Clean nights. The night before the last keeps its state for what follows.
lines=0 held=0 causes=0
for ((k = nights - 1; k >= 0; k--)); do
  day=$(day_before $k)
  linked $estate $work/night
  rm $work/night/stock.csv
  cp $work/stock/"$day".csv $work/night/stock.csv
  [ $k != 0 ] || cp -r $work/state $work/before
  summary=$(order $work/night "$day" $work/clean $work/state)
  lines=$((lines + $(json lines_ordered <<<"$summary")))
  held=$((held + $(json held <<<"$summary")))
  causes=$((causes + $(wc -l <$work/clean/held.csv) - 1))
done
share=$(awk "BEGIN { printf \"%.4f\", $held / $lines * 100 }")
row "28 clean nights, lines held" "$share % of $lines, $causes causes" "<= 0.1 %" \
  "$(verdict "$share <= 0.1")" "stockade order --state, night by night"

# The poisons, each a change of an estate folder.
poison_leads() {
  replace "$1" supply.csv '{ $column["lead_days"] = 0; print }'
  replace "$1" suppliers.csv '{ $column["lead_days"] = 0; print }'
  replace "$1" deliveries.csv '{ $column["deliver_weekday"] = $column["order_weekday"]; print }'
}
poison_cases() {
  replace "$1" products.csv 'NR % 2 == 0 { $column["case_units"] = 24 } { print }'
  replace "$1" range.csv '{ if ($column["order_multiple_units"] == 1)
      $column["order_multiple_units"] = 24; print }'
}
poison_history() {
  replace "$1" sales.csv '{ if ($column["site"] <= "S0010")
      $column["units"] = $column["reduced_units"] = 0; print }'
}
poison_order() {
  replace "$1" sales.csv '{ if ($1 == "'"$last"'" && $column["site"] > "S0020" &&
      $column["units"] > 0 && n++ < 3) $column["units"] *= 1000; print }'
  replace "$1" range.csv '{ if ($column["site"] == "S0030" && n++ < 3)
      $column["presentation_units_min"] = 1000 * ($column["presentation_units_min"] + 1)
      if ($column["launch_units"] > 0 && m++ < 3) $column["launch_units"] *= 1000; print }'
  replace "$1" stock.csv '{ if ($column["site"] == "S0031" && $column["on_hand_units"] > 0 &&
      n++ < 3) $column["on_hand_units"] *= 1000; print }'
}
poison_prices() {
  replace "$1" products.csv '{ if (NR % 3 == 0)
      $column["unit_price"] = $column["unit_cost"] = 0; print }'
}
poison_lifeline() { replace "$1" sites.csv '{ $column["lifeline"] = 3; print }'; }
poison_delisted() {
  replace "$1" range.csv '{ if ($column["site"] <= "S0020") {
      if ($column["from_date"] == "") $column["to_date"] = "2026-06-10"
      else $column["status"] = "blocked" } print }'
}
poisons="leads cases history order prices lifeline delisted"

clean_estate() { # TO
  linked $estate "$1"
  rm "$1/stock.csv"
  cp "$work/stock/$last.csv" "$1/stock.csv"
}

# Lines that are not held must be the clean run's to the byte, but for the order's number, the
# line's place in it, and the last digits of expected_demand, order_up_to and cut: where yesterday's
# sales are lost, nobody knows what they would have taught about other stores. Poisoned lines may
# be missing from the orders; no line may be negative, no shop without an order that had one. Goods
# that a depot is short of are shared between stores, so that a store whose yesterday is lost moves
# what others get: such lines are counted apart.
touched_history='^S00(0[1-9]|10),'
touched_order='^S0031,'
touched_together='^S00(0[1-9]|10|31),'

compare() { # OUT TOUCHED: prints "held different odd empty shared" lines
  awk -F, -v touched="$2" '
    function near(a, b) { return a - b <= 0.005 * b + 0.02 && b - a <= 0.005 * b + 0.02 }
    FNR == 1 { file++; next }
    file <= 2 { if ($15 == "no_stock") short[$4 "," $7] = 1; next }
    { key = $3 "," $4 "," $8; rest = $5
      for (i = 6; i <= NF; i++) if (i != 10 && i != 11 && i != 14) rest = rest "," $i }
    file == 3 { clean[key] = rest; source[key] = $4 "," $7
      demand[key] = $10; up_to[key] = $11; cut[key] = $14
      if ($5 > 0) sites[$3] = 1; next }
    { seen[key] = 1; if ($5 > 0) fed[$3] = 1 }
    $16 != "" { held++; if ($5 < 0 || $14 < 0) odd++; next }
    clean[key] != rest || !near($10, demand[key]) || !near($11, up_to[key]) ||
      !near($14, cut[key]) { ($4 "," $7) in short ? shared++ : different++ }
    END { for (key in clean) if (!(key in seen) && key !~ touched)
            source[key] in short ? shared++ : different++
          for (site in sites) if (!(site in fed)) empty++
          print held + 0, different + 0, odd + 0, empty + 0, shared + 0 }' \
    $work/clean/orders.csv "$1/orders.csv" $work/clean/orders.csv "$1/orders.csv"
}

try() { # NAME POISON...: one row
  local name=$1 folder=$work/poisoned-$1 out=$work/out-$1 poison
  shift
  clean_estate "$folder"
  for poison in "$@"; do "poison_$poison" "$folder"; done
  rm -rf "$work/state-$name"
  cp -r $work/before "$work/state-$name"
  order "$folder" "$last" "$out" "$work/state-$name" >/dev/null
  local groups lines_held different odd empty shared touched=touched_$name
  groups=$(($(wc -l <"$out/held.csv") - 1))
  read -r lines_held different odd empty shared <<<"$(compare "$out" "${!touched:-^$}")"
  row "poison: $name" \
    "$groups causes, $lines_held held; differ: $different, of short goods $shared; $empty empty" \
    "named, others equal, no shop empty" \
    "$(verdict "$groups > 0 && $different == 0 && $odd == 0 && $empty == 0")" \
    "stockade order --state"
}

for poison in $poisons; do try "$poison" "$poison"; done
# shellcheck disable=SC2086
try together $poisons

# One decision for all of them.
awk -F, 'NR == 1 { print "id,name" } NR > 1 { print $1 ",A. Person" }' \
  $work/out-together/held.csv >$work/release.csv
rm -rf $work/state-together
cp -r $work/before $work/state-together
summary=$(order $work/poisoned-together "$last" $work/out-released $work/state-together \
  --release $work/release.csv)
left=$(json held <<<"$summary")
row "one decision releases all" "$left lines held" "0" "$(verdict "$left == 0")" \
  "stockade order --release release.csv"
