# What a centre's book of 20 million lines takes in memory, with open orders and expiry lots.
. tests/prove/lib.sh
command="stockade bench book --lines 20000000 --json"
printed=$("$STOCKADE" ${command#stockade })
bytes=$(json bytes_per_line <<<"$printed")
row "book of 20 million lines" "$(calc "$bytes") bytes a line" "<= 100" \
  "$(verdict "$bytes <= 100")" \
  "$command"
command="stockade bench replay --json"
rm -rf build/prove/bench-replay
printed=$("$STOCKADE" ${command#stockade } --events 100000 --folder build/prove/bench-replay)
row "idempotency, a request of 48 hours" "$(calc "$(json bytes_per_request <<<"$printed")") bytes" \
  "printed" pass "$command --events 100000"
command="stockade bench state --lines 20000 --periods 60 --json"
bytes=$("$STOCKADE" ${command#stockade } | json bytes_per_line)
row "planner's state of a line" "$bytes bytes" "printed" pass "$command"
