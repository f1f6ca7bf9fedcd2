# The continuity copy: made, verified and restored by a script that has nothing of ours.
. tests/prove/lib.sh
work=build/prove/continuity
rm -rf $work
mkdir -p $work
passed=0
(cd $work && bash -euo pipefail "$SOURCE_DIR/tests/command/vault.sh" >out 2>&1) && passed=1
row "restored by $(wc -l <tests/foreign/restore.py) lines of Python with age and tar" \
  "$([ $passed = 1 ] && tr '\n' ';' <$work/restored || tail -n 1 $work/out)" \
  "what the sites say of themselves" "$(verdict "$passed == 1")" "tests/command/vault.sh"
unit_tests vault_test '*'
row "every byte flipped, cut, old, future, foreign and revoked keys" "${PASSED:-0} tests" \
  "all named" "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 19")" "vault_test"
