# What is made up is refused and named; every parser gets through its kept corpus.
. tests/prove/lib.sh
cmake --build --preset release >&2
command='journal_test --gtest_filter=Forged.*:Witness*:Roster.*:Note.*'
if printed=$(build/release/journal_test --gtest_filter="${command#*=}" 2>&1); then failed=0; else failed=1; fi
tests=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests*\..*/\1/p' <<<"$printed")
row "forged evidence refused and named" "${tests:-0} tests" "all" \
  "$(verdict "$failed == 0 && ${tests:-0} >= 20")" "$command"
fuzzers=0 broken=0
for source in src/journal/*_fuzz.cc src/crypto/*_fuzz.cc; do
  name=$(basename "$source" _fuzz.cc)
  fuzzers=$((fuzzers + 1))
  "build/release/${name}_fuzz" "tests/corpus/$name" >&2 || broken=$((broken + 1))
done
row "parsers whose corpus breaks them" "$broken of $fuzzers" "0" \
  "$(verdict "$broken == 0 && $fuzzers > 0")" "./dev fuzz; 10 minutes each in ./dev soak"
