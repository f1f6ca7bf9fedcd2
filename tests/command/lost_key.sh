# The only manager has lost their key: whoever has the site's machine lets another one in, which the
# journal tells. While the site runs, and over the network, nobody can.
. "$SOURCE_DIR/tests/command/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

begin() { # WAIT_FOR [OPTION...]: starts the site, and returns once it has printed the word
  local word=$1
  shift
  : >out
  "$STOCKADE" site --kind store --id S0002 --data shop --listen 127.0.0.1:0 --plain "$@" \
    >out 2>err &
  pid=$!
  for _ in $(seq 200); do
    grep -q "$word" out && break
    kill -0 $pid || { cat err; exit 1; }
    sleep 0.1
  done
  site=$(sed -n 's/.* serves //p' out)
}
end() {
  kill -TERM $pid
  wait $pid
}
code() { sed -n 's/.*--code \([^ ]*\) .*/\1/p' out; }
metric() { "$STOCKADE" call --at "$site" GET /metrics | sed -n "s/^stockade_$1 //p"; }

begin 'makes one'
expect 0 enrol --at "$site" --key anna.key --code "$(code)"
says stdout '{"actor":1}'
end

# A manager is enrolled: a start prints no code.
begin 'key: '
expect 0 call --at "$site" --key anna.key GET /v1/people
test -z "$(code)"
# Nor does another start beside it, whatever it asks for.
expect 5 site --kind store --id S0002 --data shop --listen 127.0.0.1:0 --plain --invite manager
says stderr "another process is writing it"
test ! -s stdout
end
expect 2 site --kind store --id S0002 --data shop --listen 127.0.0.1:0 --plain --invite auditor
says stderr "--invite"

begin 'makes one manager' --invite manager
[ "$(metric 'security_events_total{kind="invited"}')" = 1 ]
invited=$(code)
expect 0 enrol --at "$site" --key ben.key --code "$invited"
says stdout '{"actor":2}'
expect 3 enrol --at "$site" --key carl.key --code "$invited"
expect 0 call --at "$site" --key ben.key DELETE /v1/people/1
expect 3 call --at "$site" --key anna.key GET /v1/people
expect 0 call --at "$site" --key ben.key GET '/v1/history?kind=security_noted'
jq -e '.rows[].body | select(.kind == "invited" and .source == "this machine")' stdout >/dev/null
end
