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
crowd_size=10000
command="stockade bench site --seconds 12 --connections $crowd_size --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-site)
alone=$(awk '/"tls":/ { exit } 1' <<<"$printed" | json p99_ms)
crowd=$(awk '/"crowd":/ { on = 1 } on' <<<"$printed")
p99=$(json p99_ms <<<"$crowd") begun=$(json connections_open <<<"$crowd")
row "p99 of honest clients among $crowd_size begun requests" \
  "$(calc "$p99") ms, alone $(calc "$alone") ms; $begun of them open" "<= 5 x among 10000" \
  "$(verdict "$p99 <= 5 * $alone && $begun >= 10000")" "$command"

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
offered=$(grep -oE '^ TLS 1(\.[0-9])? +offered|^ SSLv[23] +offered' $work.testssl | tr -s ' ' |
  tr '\n' ';')
row "testssl: protocols, ciphers, vulnerabilities" "$bad findings;$offered" "none; TLS 1.3 alone" \
  "$([ "$bad" = 0 ] && [ "$offered" = ' TLS 1.3 offered;' ] && echo pass || echo FAIL)" \
  "testssl -p -s -f -h -U 127.0.0.1:$port"
nmap -p- -sT 127.0.0.1 -oG - >$work.nmap 2>/dev/null || true
ours=$(ss -ltnp 2>/dev/null | grep -c "pid=$pid," || true)
seen=$(grep -c "[ ,]$port/open/" $work.nmap || true)
row "ports that the site has open; a scan sees it" "$ours; $seen" "1; 1" \
  "$(verdict "$ours == 1 && $seen == 1")" \
  "ss -ltnp; nmap -p- 127.0.0.1"
alive=$(kill -0 $pid 2>/dev/null && echo 1 || echo 0)
row "the site goes on after all of it" "$alive" "1" "$(verdict "$alive == 1")" "kill -0"
