# What is made up is refused and named; every parser gets through its kept corpus.
. tests/prove/lib.sh
filter='Forged.*:Witness*:Roster.*:Note.*'
unit_tests journal_test "$filter"
row "forged evidence refused and named" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 20")" "journal_test --gtest_filter=$filter"
fuzzers=0 broken=0
for source in src/journal/*_fuzz.cc src/crypto/*_fuzz.cc; do
  name=$(basename "$source" _fuzz.cc)
  fuzzers=$((fuzzers + 1))
  cmake --build --preset release --target "${name}_fuzz" >&2
  "build/release/${name}_fuzz" "tests/corpus/$name" >&2 || broken=$((broken + 1))
done
row "parsers whose corpus breaks them" "$broken of $fuzzers" "0" \
  "$(verdict "$broken == 0 && $fuzzers > 0")" "./dev fuzz; 10 minutes each in ./dev soak"
