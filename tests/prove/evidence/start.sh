# How soon a site with 1.1 million events of 64 bytes is ready.
. tests/prove/lib.sh
rm -rf build/prove/bench-start
command="stockade bench start --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-start)
seconds=$(json snapshot_s <<<"$printed")
row "ready from a snapshot" "$seconds s" "< 2 s" "$(verdict "$seconds < 2")" "$command"
row "ready by full replay" "$(json replay_s <<<"$printed") s" "printed" pass "$command"
