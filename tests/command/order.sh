# stockade order: what it says of lines that it cannot order as they should be, where it may write,
# and which history it believes.
. "$SOURCE_DIR/tests/command/lib.sh"

orders() { expect 0 order --estate "$1" --as-of 2026-01-06 --out out "${@:2}"; }

# Nobody is named to supply anything: check counts the lines, and order gives them no source.
small_estate alone
printf 'site,kind\nS1,store\nS2,store\n' >alone/sites.csv
expect 0 check --estate alone
says stdout "3 lines that nobody supplies: ordered, with an empty source"
orders alone
test "$(cut -d , -f 7 out/orders.csv | sort -u | tr '\n' ' ')" = " source "
says out/orders.csv "S1--20260108-0-ambient"
# A delivery calendar that names a depot is a source to both.
printf 'site,kind\nS1,store\nS2,store\nD1,depot\n' >alone/sites.csv
{
  echo site,chain,order_weekday,drop,source
  for site in S1 S2; do for day in 1 2 3 4 5 6 7; do echo "$site,ambient,$day,1,D1"; done; done
} >alone/deliveries.csv
expect 0 check --estate alone
if grep "nobody supplies" stdout; then exit 1; fi
orders alone
test "$(cut -d , -f 7 out/orders.csv | sort -u | tr '\n' ' ')" = "D1 source "

# No stock record, and a case of more than a line sells: not ordered, counted, a task for people.
small_estate large
printf 'product,case_units\nP1,1\nP2,500\nP3,1\n' >large/products.csv
orders large
says stdout "1 line of those not ordered: a case is more than they are expected to sell"
says out/report.html "not ordered because a case is more than they are expected to sell: 1 line"
says out/count_tasks.csv "S1,P2,unknown"
if grep ,P2, out/orders.csv; then exit 1; fi

# A store's order below the supplier's minimum waits, or grows.
small_estate direct
echo supplier >direct/suppliers.csv
echo B >>direct/suppliers.csv
printf 'to_site,from,product,flow,min_order\nS1,B,P1,direct,1000\n' >direct/supply.csv
orders direct
says stdout "1 store order to suppliers on hold: below the supplier's minimum"
grep -q 'S1-B-.*,order_min,,' out/orders.csv

# An output may lie neither in what is read nor around it, however it is written.
small_estate shop
ln -s shop link
for out in shop shop/ shop/out ./shop/../shop/out link/out . ..; do
  expect 2 order --estate shop --as-of 2026-01-06 --out $out
  says stderr "an output cannot lie in"
done
expect 2 order --estate shop --as-of 2026-01-06 --out out --state out/state
expect 2 order --estate shop --as-of 2026-01-06 --out state/out --state state
expect 2 order --estate shop --as-of 2026-01-06 --out new --state shop/state
expect 2 forecast --estate shop --as-of 2026-01-06 --out shop/forecast.csv
expect 2 compare --ours out --theirs shop/sales.csv --out out/lines.csv
orders shop # beside it, though the name begins alike
expect 0 order --estate shop --as-of 2026-01-06 --out shop2
mkdir foreign
echo '{}' >foreign/summary.json
echo dear >foreign/letter
expect 3 order --estate shop --as-of 2026-01-06 --out foreign
says stderr "the folder holds letter, which is not part of an earlier output"
test "$(ls foreign | tr '\n' ' ')" = "letter summary.json "

# Sales from before the first that a state knows of: the state is rebuilt, not continued.
expect 0 order --estate shop --as-of 2026-01-05 --out out --state state
printf '2026-01-02,S1,P1,90\n2026-01-03,S1,P1,90\n' >>shop/sales.csv
orders shop --state state
cp out/orders.csv carried.csv
orders shop
diff carried.csv out/orders.csv
