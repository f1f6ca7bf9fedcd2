# Sales of five lines from 64 clients, every answered one on disk, plain and over TLS.
. tests/prove/lib.sh
rm -rf build/prove/bench-site
command="stockade bench site --seconds 24 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-site)
for mode in plain tls; do
  part=$(awk -v mode="$mode" '/"tls":/ { tls = 1 } (mode == "tls") == (tls == 1)' <<<"$printed")
  rate=$(json sales_per_s <<<"$part") p99=$(json p99_ms <<<"$part")
  half=$(calc "64 * $(json raw_syncs_per_s <<<"$part") / 2")
  p50=$(json p50_ms <<<"$part") cpu=$(json cpu_us_per_request <<<"$part")
  row "sales, $mode" \
    "$(calc "$rate") a second, p50 $(calc "$p50"), p99 $(calc "$p99") ms, $(calc "$cpu") us each" \
    ">= 20000 or 64 x syncs / 2 = $half, p99 <= 20 ms" \
    "$(verdict "($rate >= 20000 || $rate >= $half) && $p99 <= 20")" "$command"
done
