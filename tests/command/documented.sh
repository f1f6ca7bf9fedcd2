# What the documents say that commands print is what they print. Every block that begins with "$ "
# is run, from the top of its document down, in one folder: a line "$ COMMAND" is run, the lines
# below are what it must print. A line "…" stands for any lines. What a reader need not see stands
# in comments, "<!-- run: COMMAND -->". A block that is only to be read is fenced with ```text.
# With a folder in DOCUMENTED_OUT, the documents are written there as they should be.
. "$SOURCE_DIR/tests/command/lib.sh"

# Every third product of a products.csv costs nothing and is sold for nothing.
zero_prices() { # FILE
  awk -F, -v OFS=, '
    NR == 1 { for (i = 1; i <= NF; i++) behind[$i] = NF - i }
    NR > 1 && NR % 3 == 2 { $(NF - behind["unit_cost"]) = $(NF - behind["unit_price"]) = 0 }
    { print }' "$1" >zeroed
  mv zeroed "$1"
}

mkdir bin
ln -s "$STOCKADE" bin/stockade
export PATH=$PWD/bin:$PATH
out=$PWD/out failures=$PWD/failures
: >"$failures"

# fits SAID SEEN: what was seen is what the document says. The lines between two "…" must stand in
# it somewhere, in their order; the first ones at its beginning, the last ones at its end.
fits() {
  awk '
    function stands_at(block, start,   k) {
      for (k = 1; k <= size[block]; k++) if (seen[start + k] != said[block, k]) return 0
      return 1
    }
    NR == FNR { if ($0 == "…") blocks++; else said[blocks + 0, ++size[blocks + 0]] = $0; next }
    { seen[++lines] = $0 }
    END {
      for (block = 0; block <= blocks; block++) {
        end = lines - size[block]
        if (block == blocks && end > at) at = block > 0 ? end : at
        while (block > 0 && at <= end && !stands_at(block, at)) at++
        if (at > end || !stands_at(block, at)) exit 1
        at += size[block]
      }
      exit at != lines && (blocks == 0 || size[blocks] > 0)
    }' "$1" "$2"
}

run_example() { # COMMAND, what it should print in $out/said
  (eval "$1") >"$out/seen" 2>&1 </dev/null || true
  if fits "$out/said" "$out/seen"; then
    cat "$out/said" >>"$out/document"
    return
  fi
  { echo "$document: \$ $1"; diff "$out/said" "$out/seen" || true; } >>"$failures"
  if grep -qx '…' "$out/said"; then cat "$out/said"; else cat "$out/seen"; fi >>"$out/document"
}

replay() { # DOCUMENT
  local document=$1 line command='' inside=0
  mkdir -p "$out"
  : >"$out/document"
  while IFS= read -r line || [ -n "$line" ]; do
    if [ "$inside" = 1 ] && [[ $line == '$ '* || $line == '```' ]]; then
      [ -z "$command" ] || run_example "$command"
      command=
      : >"$out/said"
      if [ "$line" = '```' ]; then inside=0; else command=${line#\$ }; fi
      printf '%s\n' "$line" >>"$out/document"
    elif [ "$inside" = 1 ] && [ -n "$command" ]; then
      printf '%s\n' "$line" >>"$out/said"
    else
      [ "$line" != '```' ] || inside=1
      printf '%s\n' "$line" >>"$out/document"
      if [[ $line == '<!-- run: '*' -->' ]]; then
        line=${line#<!-- run: }
        eval "${line% -->}"
      elif [[ $line == '```'?* ]]; then
        skip_block
      fi
    fi
  done
}

# Passes a block on that is only to be read.
skip_block() {
  local line
  while IFS= read -r line; do
    printf '%s\n' "$line" >>"$out/document"
    [ "$line" != '```' ] || break
  done
}

for document in operating/commands.md; do
  mkdir "$(basename "$document" .md)"
  cd "$(basename "$document" .md)"
  replay "$document" <"$SOURCE_DIR/docs/$document"
  cd ..
  [ -z "${DOCUMENTED_OUT:-}" ] || cp "$out/document" "$DOCUMENTED_OUT/$(basename "$document")"
done
[ ! -s "$failures" ] || { cat "$failures"; exit 1; }
