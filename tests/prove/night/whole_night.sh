# A night of 1 million lines from CSV to CSV: the first builds the state, the second carries it on.
. tests/prove/lib.sh
folder=build/prove/whole-night
estate=$folder/estate
sample $estate --stores 1000 --lines 1000 --days 60 --seed 1
last=$(grep -oE '^last_day = "[-0-9]+' $estate/sample.toml | cut -d '"' -f 2)
rm -rf $folder/state $folder/first $folder/second
night() { # DAY OUT
  "$STOCKADE" order --estate $estate --as-of "$1" --state $folder/state --out $folder/"$2" \
    --threads 2 >&2
}
night "$(date -d "$last - 1 day" +%F)" first
sync # making the estate wrote 3 GB: they reach the disk before the clock runs
begin=$(date +%s.%N)
night "$last" second
wall=$(calc "$(date +%s.%N) - $begin")
lines=$(json lines_in_range <$folder/second/summary.json)
inside=$(json seconds <$folder/second/summary.json)
row "$lines lines, state carried, wall clock" "$wall s (by its summary $inside s)" "<= 10 s" \
  "$(verdict "$wall <= 10")" \
  "stockade order --estate $estate --as-of $last --state DIR --out DIR --threads 2"
