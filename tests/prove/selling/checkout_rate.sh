# Guests' whole orders, seven requests each, over loopback HTTP, every acknowledged order on disk.
. tests/prove/lib.sh
rm -rf build/prove/bench-checkout
command="stockade bench checkout --clients 1,8,32,256 --seconds 30 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-checkout)
for clients in 1 8 32 256; do
  part=$(awk -v wanted="$clients" '
    /\{/ { block = "" } { block = block $0 "\n" }
    /\}/ && block ~ "\"clients\": " wanted "[,\n]" { printf "%s", block; exit }' <<<"$printed")
  rate=$(json orders_per_s <<<"$part") p50=$(json p50_ms <<<"$part") p99=$(json p99_ms <<<"$part")
  cpu=$(json cpu_ms_per_order <<<"$part") syncs=$(json raw_syncs_per_s <<<"$part")
  said="$(calc "$rate") orders/s, p50 $(calc "$p50"), p99 $(calc "$p99") ms, $(calc "$cpu") CPU-ms"
  if [ "$clients" != 32 ]; then
    row "checkout, $clients clients" "$said" "<= 1 CPU-ms" "$(verdict "$cpu <= 1")" "$command"
    continue
  fi
  half=$(calc "$clients * $syncs / 2")
  row "checkout, $clients clients" "$said" \
    ">= 2000 or $clients x syncs / 2 = $half, <= 1 CPU-ms, p99 <= 50 ms" \
    "$(verdict "($rate >= 2000 || $rate >= $half) && $cpu <= 1 && $p99 <= 50")" "$command"
done
