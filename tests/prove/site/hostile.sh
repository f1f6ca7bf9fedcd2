# Who means harm: wrong roles, keys and bodies, ten thousand connections, and two scanners.
. tests/prove/lib.sh
unit_tests http_test '*'
row "malformed, oversized, slow and endless requests, header tricks" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 40")" "http_test"
unit_tests site_test 'DoorTest.*:SecurityLog.*:Attempts.*'
row "wrong and old codes, challenges, signatures, sessions; floods of them" "${PASSED:-0} tests" \
  "all" "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 15")" "site_test --gtest_filter=DoorTest.*"
unit_tests api_test '*'
row "wrong roles, forged devices, bodies that are not the contract's" "${PASSED:-0} tests" "all" \
  "$(verdict "$FAILED == 0 && ${PASSED:-0} >= 30")" "api_test"

rm -rf build/prove/bench-site
command="stockade bench site --seconds 12 --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-site)
alone=$(awk '/"tls":/ { exit } 1' <<<"$printed" | json p99_ms)
crowd=$(awk '/"crowd":/ { on = 1 } on' <<<"$printed")
row "p99 of honest clients among 10,000 begun requests" \
  "$(json p99_ms <<<"$crowd") ms, alone $alone ms; $(json connections_open <<<"$crowd") of them open" \
  "<= 5 x" "$(verdict "$(json p99_ms <<<"$crowd") <= 5 * $alone && $(json connections_open <<<"$crowd") >= 10000")" \
  "$command"

work=build/prove/site-scan
rm -rf $work
"$STOCKADE" site --kind store --id S0042 --data $work --listen 127.0.0.1:0 >$work.out 2>&1 &
pid=$!
trap 'kill $pid' EXIT
for _ in $(seq 100); do
  grep -q serves $work.out && break
  sleep 0.1
done
port=$(sed -n 's/.* serves .*:\([0-9]*\)$/\1/p' $work.out)
testssl --quiet --color 0 --warnings off --ip one -p -s -f -h -U "127.0.0.1:$port" \
  >$work.testssl 2>&1 || true
bad=$(grep -cE 'VULNERABLE \(NOT ok\)|not ok' $work.testssl || true)
offered=$(sed -n 's/^ \(SSLv[23]\|TLS 1[0-9.]*\) *\(.*\)$/\1: \2/p' $work.testssl | tr -s ' ' |
  grep -c 'TLS 1.*: offered' || true)
row "testssl: protocols, ciphers, forward secrecy, vulnerabilities" \
  "$bad findings; TLS 1.3 $(grep -qE 'TLS 1.3 +offered' $work.testssl && echo offered || echo missing), $offered offered in all" \
  "none; TLS 1.3 alone" \
  "$(verdict "$bad == 0 && $offered == 1")" "testssl -p -s -f -h -U 127.0.0.1:$port"
nmap -p- -sT 127.0.0.1 -oG - >$work.nmap 2>/dev/null || true
ours=$(ss -ltnp 2>/dev/null | grep -c "pid=$pid," || true)
row "ports that the site has open" "$ours" "1" "$(verdict "$ours == 1")" "ss -ltnp; nmap -p- 127.0.0.1"
alive=$(kill -0 $pid 2>/dev/null && echo 1 || echo 0)
row "the site goes on after all of it" "$alive" "1" "$(verdict "$alive == 1")" "kill -0"
