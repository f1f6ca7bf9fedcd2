# stockade order --state: a night that continues orders what a rebuilt one does, whatever the estate
# says anew of its past; and stockade bench gives the same digest on any number of threads.
. "$SOURCE_DIR/tests/command/lib.sh"

# The run before continued its state.
continued() {
  if grep rebuilt stdout; then return 1; fi
}

expect 0 sample --stores 3 --lines 40 --days 120 --seed 5 --last-day 2026-06-14 --out shop
expect 0 order --estate shop --as-of 2026-06-13 --out before --state state
continued

# same WHY: the night of the 14th, carried and rebuilt, with what the state says of itself.
same() {
  rm -f state/2026-06-14.state.zst
  expect 0 order --estate shop --as-of 2026-06-14 --out carried --state state
  if [ -n "$1" ]; then says stdout "state rebuilt because $1"; else continued; fi
  expect 0 order --estate shop --as-of 2026-06-14 --out rebuilt
  cmp carried/orders.csv rebuilt/orders.csv
  cmp carried/depot_orders.csv rebuilt/depot_orders.csv
}
same ""
grep -q '"state_carried": true' carried/summary.json

cp -r shop kept
restore() { rm -rf shop && cp -r kept shop; }

sed -i '0,/,milk,/s/,milk,/,goats milk,/' shop/products.csv
same "P00001 at "
restore
head -n 2 kept/events.csv | tail -n 1 | sed 's/^[0-9-]*/2026-03-20/' >>shop/events.csv
same "an event of the past was added, moved or withdrawn"
restore
head -n 2 kept/events.csv | tail -n 1 | sed 's/^[0-9-]*/2026-07-20/' >>shop/events.csv
same ""
restore
same ""
# A feed that has forgotten all but the last ten days: the state has not.
awk -F, 'NR == 1 || $0 ~ /2026-06-(0[5-9]|1)/' kept/sales.csv >shop/sales.csv
expect 0 order --estate shop --as-of 2026-06-14 --out short --state state
cmp short/orders.csv carried/orders.csv

restore
head -c 1000 state/2026-06-13.state.zst >cut && mv cut state/2026-06-13.state.zst
expect 4 order --estate shop --as-of 2026-06-14 --out carried --state state
says stderr "is damaged"

expect 0 bench state --lines 3000 --periods 60 --threads 1 --json
grep digest stdout >one
grep -q lines_per_core_s stdout
expect 0 bench state --lines 3000 --periods 60 --threads 3 --json
grep digest stdout >three
cmp one three
expect 0 bench order --stores 20 --lines 300 --threads 1 --json
grep digest stdout >one
for key in lines threads seconds stages rss_mib triad_gb_s bytes ratio; do
  grep -q "\"$key\"" stdout
done
expect 0 bench order --stores 20 --lines 300 --threads 3 --json
grep digest stdout >three
cmp one three
expect 2 bench order --stores 100000 --lines 8000
expect 2 bench
expect 2 bench state --lines 0
