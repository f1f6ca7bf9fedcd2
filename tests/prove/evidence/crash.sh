# Nothing acknowledged is lost: simulated losses of power, sync, space and direction at every disk
# operation, and 100 real kill -9 under load.
. tests/prove/lib.sh
. tests/evidence/kill.sh
# The tests stop at the first event that is lost or invented; the first prints how far it got.
unit_tests journal_test 'Crash.*'
points=$(sed -n 's/^\([0-9]*\) crash points.*/\1/p' <<<"$PRINTED")
row "simulated crash points, lost or invented" "${points:-0}, $FAILED" ">= 10000, 0" \
  "$(verdict "${points:-0} >= 10000 && $FAILED == 0")" "journal_test --gtest_filter=Crash.*"
mkdir -p build/prove/kill
cd build/prove/kill
kill_under_load 100 8
row "kill -9 under load, gone wrong" "$KILLS over $LINES lines, $LOST" "100, 0" \
  "$(verdict "$KILLS == 100 && $LOST == 0 && $LINES > 100")" "stockade journal append; kill -9"
