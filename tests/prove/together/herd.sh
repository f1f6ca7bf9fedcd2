# Every store comes back at once, each with a day to tell.
. tests/prove/lib.sh
rm -rf build/prove/bench-herd
command="stockade bench herd --sites 2500 --events-per-day 3000 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-herd)
seconds=$(json seconds_to_caught_up <<<"$printed") p99=$(json other_p99_ms <<<"$printed")
row "2,500 stores at once" \
  "$(json entries <<<"$printed") entries held after $(calc "$seconds") s, in the book after \
$(calc "$(json seconds_to_folded <<<"$printed")") s; others' p99 $(calc "$p99") ms" \
  "<= 120 s, p99 <= 200 ms" "$(verdict "$seconds <= 120 && $p99 <= 200")" "$command"
