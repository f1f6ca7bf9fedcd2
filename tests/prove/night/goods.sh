# Too little of one product: twenty stores want 420 and the depot has 210, in cases of one.
. tests/prove/lib.sh
estate=build/prove/goods-estate
orders=build/prove/goods-orders
mkdir -p $estate
# Each store sells 21 a day and has an empty shelf; its order lasts a day. The first two have no
# other shop in reach, and tins are of the first tier.
awk -v folder=$estate 'BEGIN {
  print "format = 1\nname = \"Goods\"\nperiod = \"day\"" > folder "/estate.toml"
  print "[policy]\nservice_level = 0.5" > folder "/estate.toml"
  print "site,kind,depot,lifeline\nD1,depot,," > folder "/sites.csv"
  print "product,tier,case_units\nTIN,1,1" > folder "/products.csv"
  print "site,product,on_hand_units\nD1,TIN,210" > folder "/stock.csv"
  print "site,product" > folder "/range.csv"
  print "date,site,product,units" > folder "/sales.csv"
  split("31 28 31 30 31", days, " ")
  for (s = 1; s <= 20; s++) {
    id = sprintf("S%02d", s)
    print id ",store,D1," (s <= 2 ? 3 : 0) > folder "/sites.csv"
    print id ",TIN" > folder "/range.csv"
    print id ",TIN,0" > folder "/stock.csv"
    for (month = 1; month <= 5; month++)
      for (day = 1; day <= days[month]; day++)
        printf "2026-%02d-%02d,%s,TIN,21\n", month, day, id > folder "/sales.csv"
  }
}'
"$STOCKADE" order --estate $estate --as-of 2026-05-31 --out $orders >&2
read -r wanted given empty_handed cut_lifelines < <(awk -F, 'NR > 1 {
    wanted += $5 + $14; given += $5
    if ($5 == 0) empty_handed++
    if (($3 == "S01" || $3 == "S02") && $14 > 0) cut_lifelines++
  } END { print wanted, given, empty_handed + 0, cut_lifelines + 0 }' $orders/orders.csv)
command="stockade order --estate $estate"
row "20 stores, wanted in all" "$wanted" "420" "$(verdict "$wanted == 420")" "$command"
row "of 210 at the depot, sent" "$given" "210" "$(verdict "$given == 210")" "$command"
row "stores with nothing" "$empty_handed" "0" "$(verdict "$empty_handed == 0")" "$command"
row "lifeline stores cut in tier 1" "$cut_lifelines" "0" "$(verdict "$cut_lifelines == 0")" \
  "$command"
test=build/release/planner_test
filter='*Scarcity*'
cmake --build --preset release --target planner_test >&2
outcome=$($test --gtest_filter="$filter" --gtest_brief=1 2>&1 | tail -n 1 || true)
row "random small depots against the oracle" "$outcome" "all passed" \
  "$([[ $outcome == *PASSED* ]] && echo pass || echo FAIL)" "$test --gtest_filter=$filter"
