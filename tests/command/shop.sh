# A guest of the online site in web.at, for command tests: source it behind lib.sh.
command -v curl >/dev/null || { echo "SKIPPED: needs curl"; exit 77; }

guest() { # METHOD TARGET [BODY]: as somebody whom nobody knows
  local method=$1 target=$2
  curl -sSk -X "$method" "$(cat web.at)/v1/shop$target" -H "Idempotency-Key: k-$RANDOM-$RANDOM" \
    ${3:+-H 'Content-Type: application/json' -d "$3"}
}
order() { # PRODUCT UNITS: a whole order to collect at store 0001; its number and code
  local basket
  basket=$(guest POST /baskets '{"store":"0001"}' | jq -r .basket)
  guest POST "/baskets/$basket/items" "{\"product\":\"$1\",\"units\":$2}" >/dev/null
  guest PUT "/baskets/$basket/address" '{"name":"Ada Guest","street":"1 High Street",
    "town":"Leeds","postcode":"LS1 1AA","email":"ada@example.org"}' >/dev/null
  guest PUT "/baskets/$basket/option" '{"option":"collect","takes_substitutes":true}' >/dev/null
  guest POST "/baskets/$basket/payment" >/dev/null
  wait_until 20 "guest GET /baskets/$basket/payment | jq -e '.state == \"authorised\"' >/dev/null"
  guest POST "/baskets/$basket/place" | jq -r '"\(.order) \(.code)"'
}
