# A whole night of 20 million lines on columns made in memory. The digest may not depend on the
# number of threads.
. tests/prove/lib.sh
options="--stores 2500 --lines 8000"
# shellcheck disable=SC2086
seen=$("$STOCKADE" bench order $options --threads 2 --json)
seconds=$(json seconds <<<"$seen")
ratio=$(json ratio <<<"$seen")
mib=$(json rss_mib <<<"$seen")
command="stockade bench order $options --threads 2"
triad=$(json triad_gb_s <<<"$seen")
row "20 million lines, all stages" "$seconds s" "<= 3 s" "$(verdict "$seconds <= 3")" "$command"
row "the same" "$seconds s" "aim 1 s" "$(aim "$seconds <= 1")" "$command"
row "the same, memory" "$mib MiB" "<= 4096 MiB" "$(verdict "$mib <= 4096")" "$command"
# What a reader can work out from the other numbers of the run.
worked_out=$(calc "$seconds * $triad * 1e9 / $(json bytes <<<"$seen")")
row "its ratio as worked out from seconds, bytes and triad" "$ratio, $worked_out" "the same" \
  "$(verdict "$ratio / $worked_out > 0.99 && $ratio / $worked_out < 1.01")" "$command"
row "the same, against its bytes at $triad GB/s" "$ratio times" "aim 15" "$(aim "$ratio <= 15")" \
  "$command"
digest_on() { # THREADS
  "$STOCKADE" bench order --stores 100 --lines 2000 --threads "$1" --json | grep '"digest"'
}
same=differs
[ "$(digest_on 1)" = "$(digest_on 3)" ] && same=equal
row "orders on 1 and 3 threads" "$same" "equal" "$([ $same = equal ] && echo pass || echo FAIL)" \
  "stockade bench order --stores 100 --lines 2000 --threads N"
