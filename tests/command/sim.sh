# stockade sim: a thousand estates, each with everything that can go wrong; a seed is byte for byte
# the same when it is run again.
. "$SOURCE_DIR/tests/command/lib.sh"

expect 0 sim --seeds 7 --commands 300 --trace
cp stdout first
expect 0 sim --seeds 7 --commands 300 --trace
grep -v " s each" first >first.lines
grep -v " s each" stdout >second.lines
cmp first.lines second.lines
expect 2 sim --seeds 9..1
expect 2 sim --seeds many

seeds=${SIM_SEEDS:-1000}
"$STOCKADE" sim --seeds "1..$((seeds / 2))" --commands 800 --json >first.json &
first=$!
"$STOCKADE" sim --seeds "$((seeds / 2 + 1))..$seeds" --commands 800 --json >second.json
wait "$first"
# Every rare path was gone by one half or the other.
jq -s -e '[.[0].marks, .[1].marks] | [.[0], .[1]] as $m | $m[0] | keys
  | map(select(($m[0][.] + $m[1][.]) == 0)) | if length == 0 then true else error(join(" ")) end' \
  first.json second.json
