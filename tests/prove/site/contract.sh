# The contract as others read it: redocly lints it, and a live site answers through Prism's
# validating proxy.
. tests/prove/lib.sh
work=$PWD/build/prove/site-contract
rm -rf "$work"
mkdir -p "$work"
. tests/prove/prism.sh
redocly_row

"$STOCKADE" sample --stores 3 --lines 60 --days 70 --out "$work/estate" >/dev/null
serve shop --kind store --id S0001 --estate "$work/estate"
proxy_before shop
site=$(cat "$work/shop.at")
through shop 0 GET '/v1/lines?limit=1'
product=$(answer '.rows[0].product')
row_of="{\"product\":\"$product\",\"units\":1,\"pence\":100}"
through shop 0 POST /v1/days '{"day":"2026-06-15"}'
through shop 3 POST /v1/days '{"day":"2026-06-15"}'
through shop 0 POST /v1/sales "{\"rows\":[$row_of]}"
through shop 3 POST /v1/sales '{"rows":[{"product":"nothing","units":1,"pence":1}]}'
through shop 0 POST /v1/returns/shelf "{\"rows\":[$row_of]}"
through shop 0 POST /v1/counts "{\"product\":\"$product\",\"counted_units\":7}"
through shop 0 POST /v1/waste "{\"rows\":[$row_of]}"
through shop 0 POST /v1/stops "{\"product\":\"$product\"}"
through shop 0 POST /v1/inbound \
  "{\"supplier\":\"V001\",\"due\":\"2026-06-16\",\"rows\":[{\"product\":\"$product\",\"units\":5}]}"
through shop 0 POST /v1/prices "{\"product\":\"$product\",\"pence\":199}"
key='"key":{"store":"0001","depot":"9001","delivery":"2026-06-17","drop":1,"chain":"ambient"}'
ordered="\"rows\":[{\"product\":\"$product\",\"units\":12}]"
through shop 0 POST /v1/proposals "{$key,$ordered}"
through shop 3 POST /v1/proposals/skip "{$key,\"reason\":\"other\"}"
through shop 0 POST /v1/proposals/skip "{$key,\"reason\":\"other\",\"note\":\"ferry off\"}"
through shop 0 POST /v1/proposals/change "{$key,\"reason\":\"weather\",\"learn\":true,$ordered}"
through shop 0 GET /v1/proposals
through shop 0 POST /v1/inbound/proposals "{\"supplier\":\"V001\",\"due\":\"2026-06-16\",$ordered}"
proposed=$(answer .number)
through shop 0 POST "/v1/inbound/$proposed/place"
through shop 3 POST "/v1/inbound/$proposed/withdraw"
through shop 0 POST /v1/codes '{"role":"colleague"}'
through shop 0 POST /v1/tickets
through shop 0 POST /v1/nights
for question in site lines "lines/$product" orders proposals waves inbound advices stops \
  transfers reductions people devices journal catalogue nights/2026-06-15 \
  'history?kind=goods_moved' "history?product=$product&limit=2" lines?limit=2; do
  through shop 0 GET "/v1/$question"
done
through shop 3 GET /v1/lines/nothing
through shop 0 GET /healthz
through shop 0 GET /readyz
row "requests through Prism's validating proxy" "$asked asked, $broken outside the contract" "0" \
  "$(verdict "$broken == 0 && $asked >= 44")" "prism proxy --errors api/openapi.yaml $site"

status=0
curl -s "$site/metrics" | promtool check metrics >&2 || status=$?
row "promtool check metrics" "exit $status" "0" "$(verdict "$status == 0")" \
  "curl $site/metrics | promtool check metrics"
