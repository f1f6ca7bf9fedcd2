# A till at a site's door: it shows its key in the handshake and counts its commands.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

"$STOCKADE" site --kind store --id S0002 --data shop --listen 127.0.0.1:0 >out 2>err &
for _ in $(seq 200); do
  grep -q 'makes one' out && break
  kill -0 $! || { cat err; exit 1; }
  sleep 0.1
done
site=$(sed -n 's/.* serves //p' out)
pin=$(sed -n 's/^key: //p' out)
at_door() { # STATUS COMMAND [OPTION...]
  local status=$1 command=$2
  shift 2
  expect "$status" "$command" --at "$site" --pin "$pin" "$@"
}
manager() { at_door 0 call --key anna.key "$@"; }

at_door 0 enrol --key anna.key --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' out)"
terms='{"case_units":6,"chain":"ambient","date_kind":"none"}'
manager POST /v1/lines --body "{\"product\":\"soap\",\"terms\":$terms,\"price_pence\":210}"
manager POST /v1/days --body "{\"day\":\"$(date +%F)\"}"
manager POST /v1/codes --body '{"role":"device"}'
at_door 0 enrol --key till.key --code "$(jq -r .code stdout)"

sale='{"rows":[{"product":"soap","units":1,"pence":210}]}'
sell() { # STATUS [OPTION...]
  local status=$1
  shift
  at_door "$status" call --device-key till.key "$@" POST /v1/sales --body "$sale"
}
sell 3
says stdout '/problems/device_sequence_missing'
sell 0 --sequence 7
says stdout '"device":1,"sequence":7'
sell 3 --sequence 7
says stdout '/problems/already_done'
sell 2 --sequence 0
says stderr '--sequence'
at_door 2 call --sequence 1 POST /v1/sales --body "$sale"
says stderr 'give --device-key'

at_door 3 call --key anna.key DELETE /v1/people/1
says stdout '/problems/last_manager'
