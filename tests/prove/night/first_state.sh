# The first build of the state from 400 days a line.
. tests/prove/lib.sh
options="--lines 100000 --periods 400"
# shellcheck disable=SC2086
rate=$("$STOCKADE" bench state $options --threads 1 --json | json lines_per_core_s)
row "first state, 400 days a line" "$rate lines per core-second" ">= 100000" \
  "$(verdict "$rate >= 100000")" "stockade bench state $options --threads 1"
