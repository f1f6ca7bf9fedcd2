# Damage is found and located: every bit of 64 entries with their checkpoint, 5,000 of 1,000
# entries, every truncation below what was signed or seen.
. tests/prove/lib.sh
cmake --build --preset release --target journal_test >&2
if printed=$(build/release/journal_test --gtest_filter='Damage.*' 2>&1); then failed=0; else failed=1; fi
bits=$(sed -n 's/^\([0-9]*\) bits$/\1/p' <<<"$printed")
tests=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests*\..*/\1/p' <<<"$printed")
row "flipped bits and truncations found and located" "${bits:-0} bits, ${tests:-0} tests" "all" \
  "$(verdict "$failed == 0 && ${bits:-0} > 40000 && ${tests:-0} >= 8")" \
  "journal_test --gtest_filter=Damage.*"
