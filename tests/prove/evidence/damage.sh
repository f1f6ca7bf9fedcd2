# Damage is found and located: every bit of 64 entries with their checkpoint, 5,000 of 1,000
# entries, every truncation below what was signed or seen.
. tests/prove/lib.sh
unit_tests journal_test 'Damage.*'
bits=$(sed -n 's/^\([0-9]*\) bits$/\1/p' <<<"$PRINTED")
row "flipped bits and truncations found and located" "${bits:-0} bits, ${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${bits:-0} > 40000 && ${PASSED:-0} >= 8")" \
  "journal_test --gtest_filter=Damage.*"
