# A store with a year of journal: how soon it serves after a kill, and how fast it replays.
. tests/prove/lib.sh
rm -rf build/prove/bench-replay
command="stockade bench replay --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-replay)
ready=$(json ready_s <<<"$printed") rate=$(json events_per_s <<<"$printed")
row "serving after a kill" "$(calc "$ready") s with $(json events <<<"$printed") events" "< 2 s" \
  "$(verdict "$ready < 2")" "$command"
row "full replay" "$(calc "$rate / 1000000") million events a second" ">= 1" \
  "$(verdict "$rate >= 1000000")" "$command"
