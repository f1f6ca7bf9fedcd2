# The contract as others read it: redocly lints it, and Prism's validating proxy stands between a
# client and a live site; a request or an answer that is not the contract's becomes an error there.
. tests/prove/lib.sh
tools=build/contract
mkdir -p $tools
[ -x $tools/node_modules/.bin/prism ] || npm install --no-audit --no-fund --prefix $tools \
  node@20.20.2 @redocly/cli@2.77.0 @stoplight/prism-cli@5.14.2 >$tools/npm.log 2>&1
export PATH="$PWD/$tools/node_modules/.bin:$PATH"
errors=$(redocly lint --format json api/openapi.yaml 2>/dev/null | json errors || true)
row "redocly lint" "${errors:-broken} errors" "0" "$(verdict "${errors:-1} == 0")" \
  "redocly lint api/openapi.yaml"

work=$PWD/build/prove/site-contract
rm -rf "$work"
mkdir -p "$work"
"$STOCKADE" sample --stores 3 --lines 60 --days 70 --out "$work/shop" >/dev/null
"$STOCKADE" site --kind store --id S0001 --data "$work/site" --listen 127.0.0.1:0 --plain \
  --estate "$work/shop" >"$work/out" 2>&1 &
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
for _ in $(seq 100); do
  grep -q 'makes one' "$work/out" && break
  sleep 0.1
done
site=$(sed -n 's/.* serves //p' "$work/out")
port=$((20000 + RANDOM % 20000))
prism proxy --errors -p $port api/openapi.yaml "$site" >"$work/prism.log" 2>&1 &
for _ in $(seq 300); do
  grep -q 'listening' "$work/prism.log" && break
  sleep 0.1
done
proxy="http://127.0.0.1:$port"
"$STOCKADE" enrol --at "$proxy" --key "$work/key" >/dev/null \
  --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$work/out")" || echo "enrol broke" >&2

asked=0 broken=0
through() { # WANTED METHOD TARGET [BODY]: by the proxy, and answered as wanted
  local wanted=$1 code=0
  shift
  "$STOCKADE" call --at "$proxy" --key "$work/key" "$1" "$2" ${3:+--body "$3"} \
    >"$work/answer" 2>"$work/error" || code=$?
  asked=$((asked + 1))
  if [ $code != "$wanted" ] || grep -q 'stoplight.io' "$work/answer"; then
    broken=$((broken + 1))
    { echo "$* ended with $code:"; cat "$work/answer" "$work/error"; } >&2
  fi
}
product=$("$STOCKADE" call --at "$site" --key "$work/key" GET '/v1/lines?limit=1' |
  jq -r '.rows[0].product')
row_of="{\"product\":\"$product\",\"units\":1,\"pence\":100}"
through 0 POST /v1/days '{"day":"2026-06-15"}'
through 3 POST /v1/days '{"day":"2026-06-15"}'
through 0 POST /v1/sales "{\"rows\":[$row_of]}"
through 3 POST /v1/sales '{"rows":[{"product":"nothing","units":1,"pence":1}]}'
through 0 POST /v1/returns/shelf "{\"rows\":[$row_of]}"
through 0 POST /v1/counts "{\"product\":\"$product\",\"counted_units\":7}"
through 0 POST /v1/waste "{\"rows\":[$row_of]}"
through 0 POST /v1/stops "{\"product\":\"$product\"}"
through 0 POST /v1/inbound \
  "{\"supplier\":\"V001\",\"due\":\"2026-06-16\",\"rows\":[{\"product\":\"$product\",\"units\":5}]}"
through 0 POST /v1/prices "{\"product\":\"$product\",\"pence\":199}"
key='"key":{"store":"0001","depot":"9001","delivery":"2026-06-17","drop":1,"chain":"ambient"}'
ordered="\"rows\":[{\"product\":\"$product\",\"units\":12}]"
through 0 POST /v1/proposals "{$key,$ordered}"
through 3 POST /v1/proposals/skip "{$key,\"reason\":\"other\"}"
through 0 POST /v1/proposals/skip "{$key,\"reason\":\"other\",\"note\":\"ferry off\"}"
through 0 POST /v1/proposals/change "{$key,\"reason\":\"weather\",\"learn\":true,$ordered}"
through 0 GET /v1/proposals
through 0 POST /v1/inbound/proposals "{\"supplier\":\"V001\",\"due\":\"2026-06-16\",$ordered}"
proposed=$(jq -r .number "$work/answer")
through 0 POST "/v1/inbound/$proposed/place"
through 3 POST "/v1/inbound/$proposed/withdraw"
through 0 POST /v1/codes '{"role":"colleague"}'
through 0 POST /v1/tickets
through 0 POST /v1/nights
for question in site lines "lines/$product" orders proposals waves inbound advices stops \
  transfers reductions people devices journal catalogue nights/2026-06-15 \
  'history?kind=goods_moved' "history?product=$product&limit=2" lines?limit=2; do
  through 0 GET "/v1/$question"
done
through 3 GET /v1/lines/nothing
through 0 GET /healthz
through 0 GET /readyz
row "requests through Prism's validating proxy" "$asked asked, $broken outside the contract" "0" \
  "$(verdict "$broken == 0 && $asked >= 43")" "prism proxy --errors api/openapi.yaml $site"

status=0
curl -s "$site/metrics" | promtool check metrics >&2 || status=$?
row "promtool check metrics" "exit $status" "0" "$(verdict "$status == 0")" \
  "curl $site/metrics | promtool check metrics"
