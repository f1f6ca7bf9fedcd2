# kill_under_load TIMES BATCH: a journal that is written while its process is killed time and again.
# Every acknowledged line must be there, in order, and nothing that was not sent. Leaves the counts
# in KILLS, LINES and LOST.
kill_under_load() {
  local times=$1 batch=$2 acknowledged pid sent=0 found
  KILLS=0 LINES=0 LOST=0
  rm -rf killed killed.key
  "$STOCKADE" journal key killed.key --name stockade/sample/0042/1 >killed.vkey
  "$STOCKADE" journal create killed --key killed.key
  for ((KILLS = 0; KILLS < times; ++KILLS)); do
    "$STOCKADE" journal append killed --key killed.key --batch "$batch" \
      < <(seq $((sent + 1)) 100000000) >acknowledged &
    pid=$!
    sleep "0.0$((RANDOM % 90 + 10))"
    kill -9 "$pid"
    wait "$pid" 2>wait.log || true
    acknowledged=$(tail -n 1 acknowledged)
    # A process that ends within a write leaves a broken record, which somebody must decide about.
    "$STOCKADE" journal print killed >found ||
      "$STOCKADE" journal resume killed --by test --why "the process was killed" >&2
    found=$(wc -l <found)
    seq 1 "$found" | cmp -s - found || LOST=$((LOST + 1))
    # Sent and in flight: at most one commit more than was acknowledged.
    if ((found < sent + ${acknowledged:-0} || found > sent + ${acknowledged:-0} + batch)); then
      LOST=$((LOST + 1))
    fi
    sent=$found
  done
  LINES=$sent
}
