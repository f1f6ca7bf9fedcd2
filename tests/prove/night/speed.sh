# A whole night of 20 million lines on columns made in memory, three times, of which the one in the
# middle counts. The digest may not depend on the number of threads.
. tests/prove/lib.sh
options="--stores 2500 --lines 8000"
nights=$PWD/build/prove/nights
mkdir -p "$nights"
for night in 1 2 3; do
  # shellcheck disable=SC2086
  "$STOCKADE" bench order $options --threads 2 --json >"$nights/$night"
  calc "$(json seconds <"$nights/$night")" >"$nights/$night.s"
  echo " $nights/$night" >>"$nights/$night.s"
done
all=$(sort -n "$nights"/?.s | awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $1 }')
seen=$(cat "$(sort -n "$nights"/?.s | awk 'NR == 2 { print $2 }')")
seconds=$(json seconds <<<"$seen")
ratio=$(json ratio <<<"$seen")
mib=$(json rss_mib <<<"$seen")
command="stockade bench order $options --threads 2"
triad=$(json triad_gb_s <<<"$seen")
row "20 million lines, all stages" "$(calc "$seconds") s ($all)" "<= 3 s" \
  "$(verdict "$seconds <= 3")" "$command"
row "the same" "$(calc "$seconds") s" "aim 1 s" "$(aim "$seconds <= 1")" "$command"
row "the same, memory" "$(calc "$mib") MiB" "<= 4096 MiB" "$(verdict "$mib <= 4096")" "$command"
# What a reader can work out from the other numbers of the run.
worked_out=$(calc "$seconds * $triad * 1e9 / $(json bytes <<<"$seen")")
row "its ratio as worked out from seconds, bytes and triad" "$(calc "$ratio"), $worked_out" \
  "the same" "$(verdict "$ratio / $worked_out > 0.99 && $ratio / $worked_out < 1.01")" "$command"
row "the same, against its bytes at $(calc "$triad") GB/s" "$(calc "$ratio") times" "aim 15" \
  "$(aim "$ratio <= 15")" "$command"
digest_on() { # THREADS
  "$STOCKADE" bench order --stores 100 --lines 2000 --threads "$1" --json | grep '"digest"'
}
same=differs
[ "$(digest_on 1)" = "$(digest_on 3)" ] && same=equal
row "orders on 1 and 3 threads" "$same" "equal" "$([ $same = equal ] && echo pass || echo FAIL)" \
  "stockade bench order --stores 100 --lines 2000 --threads N"
