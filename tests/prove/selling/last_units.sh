# 50 units, 256 clients, 5,000 tries, and the serving process killed while the units go and again
# at half of the tries.
. tests/prove/lib.sh
rm -rf build/prove/bench-last-units
command="stockade bench last-units --units 50 --clients 256 --tries 5000 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-last-units)
paid=$(json paid <<<"$printed") held=$(json held <<<"$printed")
orphans=$(json orphans <<<"$printed") restarts=$(json restarts <<<"$printed")
row "last units" "$paid paid, $held held, $orphans orphans, $restarts restarts" \
  "50 paid, 50 held, 0 orphans, >= 1 restart" \
  "$(verdict "$paid == 50 && $held == 50 && $orphans == 0 && $restarts >= 1")" "$command"
