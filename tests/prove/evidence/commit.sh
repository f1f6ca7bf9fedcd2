# Commands of 256 bytes committed per second, beside a bare append with fdatasync and SQLite.
. tests/prove/lib.sh
rm -rf build/prove/bench-journal
command="stockade bench journal --seconds 24 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-journal)
for pair in 1:70 8:70 64:60 512:40; do
  batch=${pair%:*} bar=${pair#*:}
  one=$(awk -v batch="$batch" '$1 == "\"batch\":" { on = ($2 == batch ",") } on' <<<"$printed")
  ours=$(json stockade_per_s <<<"$one") raw=$(json raw_per_s <<<"$one")
  sqlite=$(json sqlite_per_s <<<"$one")
  row "commits, $batch to a sync" \
    "$(calc "100 * $ours / $raw") % of raw, $(calc "$ours / $sqlite") x SQLite" \
    ">= $bar %, > 1 x" "$(verdict "$ours >= $bar / 100 * $raw && $ours > $sqlite")" "$command"
done
