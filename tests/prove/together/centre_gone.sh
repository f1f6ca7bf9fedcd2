# Real processes: the centre is killed, its disk wiped, rebuilt from its stores, and taken back.
. tests/prove/lib.sh
work=build/prove/centre-gone
rm -rf $work
mkdir -p $work
passed=0
(cd $work && bash -euo pipefail "$SOURCE_DIR/tests/command/centre_lost.sh" >out 2>&1) && passed=1
row "the centre killed, rebuilt, taken back; stores sell on" \
  "$([ $passed = 1 ] && echo "$(jq -r .digest $work/before.json | cut -c 1-16) before and after" ||
    tail -n 1 $work/out)" \
  "the digest of the same sizes is the same" "$(verdict "$passed == 1")" \
  "tests/command/centre_lost.sh"

work=build/prove/centre-gone-for-good
rm -rf $work
mkdir -p $work
passed=0
(cd $work && bash -euo pipefail "$SOURCE_DIR/tests/command/centre_gone.sh" >out 2>&1) && passed=1
row "killed at midday, its disk wiped, rebuilt; its own late orders arrive" \
  "$(grep 'deliveries filled' $work/out || tail -n 1 $work/out)" \
  "sales never pause 2 s, every delivery filled once, the same digest, late orders answered" \
  "$(verdict "$passed == 1")" "tests/command/centre_gone.sh"
