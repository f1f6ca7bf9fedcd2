# A centre from 2,500 stores' journals of a fortnight, clean and with some missing and some lying.
. tests/prove/lib.sh
for extra in "" "--missing 10 --lying 1"; do
  rm -rf build/prove/bench-rebuild
  command="stockade bench rebuild --sites 2500 --days 14 --events-per-day 3000"
  command+="${extra:+ $extra} --json"
  printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-rebuild)
  rate=$(json events_per_s <<<"$printed") rss=$(json rss_mib <<<"$printed")
  row "rebuild${extra:+, $extra percent}" \
    "$(json events <<<"$printed") events in $(calc "$(json seconds <<<"$printed")") s: \
$(calc "$rate") a second; $(calc "$rss") MiB; $(calc "$(json disk_mib <<<"$printed") / 1024") GiB \
of disk; missing $(json missing <<<"$printed"), lying $(json lying <<<"$printed"), all named" \
    ">= 300000 a second, memory bounded (512 MiB)" \
    "$(verdict "$rate >= 300000 && $rss <= 512")" "$command"
done
