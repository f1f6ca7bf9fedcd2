# Nothing acknowledged is lost: simulated losses of power, sync, space and direction at every disk
# operation, and 100 real kill -9 under load.
. tests/prove/lib.sh
. tests/evidence/kill.sh
cmake --build --preset release --target journal_test >&2
command='journal_test --gtest_filter=Crash.*'
# The tests print their counts and stop at the first event that is lost or invented.
if printed=$(build/release/journal_test --gtest_filter='Crash.*' 2>&1); then failed=0; else failed=1; fi
points=$(sed -n 's/^\([0-9]*\) crash points.*/\1/p' <<<"$printed" | awk '{ sum += $1 } END { print sum + 0 }')
row "simulated crash points, lost or invented" "$points, $failed" ">= 10000, 0" \
  "$(verdict "$points >= 10000 && $failed == 0")" "$command"
mkdir -p build/prove/kill
cd build/prove/kill
kill_under_load 100 8
row "kill -9 under load, gone wrong" "$KILLS over $LINES lines, $LOST" "100, 0" \
  "$(verdict "$KILLS == 100 && $LOST == 0 && $LINES > 100")" "stockade journal append; kill -9"
