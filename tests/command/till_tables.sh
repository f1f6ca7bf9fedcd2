# stockade site --kind till: what it sells by, read at the start and taken over while it runs.
. "$SOURCE_DIR/tests/command/lib.sh"

expect 0 sample --stores 3 --lines 60 --days 60 --seed 3 --out shop
till=(site --kind till --id T0701 --data till --listen 127.0.0.1:0 --plain)

expect 0 "${till[@]}" --tables shop --store S0001 --check
says stdout "tables: 78 products, "
says stdout "till T0701: "
expect 3 "${till[@]}" --tables shop --check # a till is no site of sites.csv
says stderr "sites.csv has no site T0701"
expect 2 site --kind store --id S0001 --data store --listen 127.0.0.1:0 --plain --tables shop
says stderr "--tables and --store are for tills"
cp -r shop broken
echo "P00001,lots,16,member" >>broken/cards.csv
expect 3 "${till[@]}" --tables broken --store S0001 --check
says stderr "cards.csv:4: 4 fields; expected 3 as in the header"

"$STOCKADE" "${till[@]}" --tables shop --store S0001 --log till.log >said 2>warned &
site=$!
trap 'kill $site' EXIT
wait_until 20 'grep -qF "till T0701 (0701) serves" said'
echo "P00001,2026-01-01,free," >>shop/prices.csv
wait_until 90 'grep -qF "TABLES NOT TAKEN OVER" warned' # the folder is looked at every 20 s
says till.log '"tables_refused":"prices.csv:'
sed -i '$d' shop/prices.csv
echo "P00002,2030-01-01,9.99," >>shop/prices.csv
wait_until 90 'grep -qF "78 products, " till.log'
kill $site
wait $site
trap - EXIT

# Its journal has the day and a line for each product, and a second start adds none.
expect 0 "${till[@]}" --tables shop --store S0001 --check
says stdout ", 78 lines"
