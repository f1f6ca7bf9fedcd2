# Every exit code of every command, as docs/operating/commands.md lists them: a row for each, and no
# row that is not listed there.
. "$SOURCE_DIR/tests/command/lib.sh"

small_estate shop
cp -r shop longer
printf "2026-01-07,S1,P1,6\n" >>longer/sales.csv
cp -r shop silent
printf 'date,site,product,units\n' >silent/sales.csv
cp -r shop ended
printf 'site,product,from_date,to_date\nS1,P1,2020-01-01,2020-02-01\n' >ended/range.csv
cp -r shop broken
printf '2026-01-06,S1,P2,x3\n' >>broken/sales.csv
cp -r shop unreadable
rm unreadable/sales.csv
mkdir unreadable/sales.csv foreign damaged
echo dear >foreign/letter
echo nonsense >damaged/2026-01-05.state.zst
expect 0 order --estate shop --as-of 2026-01-06 --out ours
cp ours/orders.csv theirs.csv
mkdir nothing
head -n 1 theirs.csv >nothing/orders.csv
echo file >file
expect 0 journal key site.key --name stockade/sample/0042/1
cp stdout site.vkey
expect 0 journal key centre.key --name stockade/sample/0001/1
cp stdout centre.vkey
expect 0 journal create j --key site.key
expect 0 journal append j --key site.key <file
cp -r j torn
mkdir -p unreadable-j/segment-00000000000000000000
echo half a record >>torn/segment-00000000000000000000
cp -r j damaged-j
printf X | dd of=damaged-j/segment-00000000000000000000 bs=1 seek=9 conv=notrunc status=none
expect 0 roster key anna.key --name anna
cp stdout anna.vkey
expect 0 roster init roster --estate sample --threshold 1 --approver anna.vkey
expect 0 roster sign roster --key anna.key
echo no roster >damaged-roster
expect 0 journal create empty-j --key site.key
mkdir -p held/copies
cp -r j held/copies/0042-1
expect 0 roster init pair --estate sample --threshold 1 --approver anna.vkey
expect 0 roster add pair --key site.vkey --role store --from 2026-01-01
expect 0 roster add pair --key centre.vkey --role centre --from 2026-01-01
expect 0 roster sign pair --key anna.key
mkdir packer taker
cp site.key packer
cp pair packer/roster
cp -r j packer/journal
cp centre.key taker/site.key
cp pair taker/roster
expect 0 journal create taker/journal --key centre.key
expect 0 pack --data packer --for 0001 --out stick
cp -r stick altered
printf X | dd of=altered/held/000000 bs=1 seek=40 conv=notrunc status=none
cp -r j whole
cp -r j rotten
printf X | dd of=rotten/segment-00000000000000000000 bs=1 seek=260 conv=notrunc status=none
cp -r rotten rotten-too
expect 0 site --kind store --id S42 --data torn-site --listen 127.0.0.1:0 --check
echo half a record >>torn-site/journal/segment-00000000000000000000
paper_order >order.json
"$STOCKADE" site --kind store --id S0042 --data site --listen 127.0.0.1:0 --plain >site.out &
trap 'kill %1; wait' EXIT
for _ in $(seq 100); do
  grep -q 'makes one' site.out && break
  sleep 0.1
done
at=$(sed -n 's/.* serves //p' site.out)

cat >rows <<'ROWS'
0 backtest --estate shop --from 2026-01-06 --periods 1
2 backtest --estate shop --from 2026-01-06 --periods 0
3 backtest --estate shop --from 2026-01-06 --periods 9
3 backtest --estate shop --from 2026-01-06 --periods 1 --truth
5 backtest --estate unreadable --from 2026-01-06
6 backtest --estate silent --from 2026-01-06
0 bench order --stores 2 --lines 20
0 bench state --lines 50 --periods 30
0 bench book --lines 100
2 bench order --stores 100000 --lines 8000
2 bench book --lines 0
2 bench state --lines 0
5 bench journal --seconds 0.1 --folder file/bench
0 call --at AT GET /healthz
2 call --at AT LOOK /healthz
3 call --at AT GET /nowhere
5 call --at http://127.0.0.1:1 GET /healthz
7 call --at AT --key damaged-roster GET /v1/site
0 cards codes --count 1 --out codes
2 cards codes --out more-codes
3 cards id --key damaged-roster
5 cards codes --count 1 --out nowhere/codes
0 check --estate shop
2 check --estate shop --threads many
3 check --estate broken
5 check --estate unreadable
6 check --estate silent
0 compare --ours ours --theirs theirs.csv
2 compare --ours ours --theirs theirs.csv --top -1
3 compare --ours ours --theirs nowhere.csv
3 compare --ours nowhere --theirs theirs.csv
3 compare --ours ours --theirs theirs.csv --estate nowhere
5 compare --ours ours --theirs foreign
5 compare --ours ours --theirs theirs.csv --out nowhere/lines.csv
6 compare --ours nothing --theirs nothing/orders.csv
0 evaluate --estate longer --as-of 2026-01-06 --horizon 1
2 evaluate --estate shop
3 evaluate --estate shop --as-of 2026-01-06
5 evaluate --estate unreadable --as-of 2026-01-05
6 evaluate --estate silent --as-of 2026-01-05
0 forecast --estate shop --as-of 2026-01-06 --out forecast.csv
2 forecast --estate shop --as-of 2026-01-06 --out shop/forecast.csv
3 forecast --estate broken --as-of 2026-01-06 --out forecast.csv
5 forecast --estate shop --as-of 2026-01-06 --out nowhere/forecast.csv
0 journal print j
2 journal print
3 journal create j --key site.key
5 journal key nowhere/new.key --name stockade/sample/0042/1
6 journal resume j --by a --why b
7 journal archive damaged-j copy --key site.key
8 journal append torn --key site.key
0 order --estate shop --as-of 2026-01-06 --out out
2 order --estate shop --as-of 2026-01-06 --out shop/out
2 order --estate shop --as-of 2026-01-06 --out out --state out/state
3 order --estate shop --as-of 2026-01-06 --out foreign
3 order --estate nowhere --as-of 2026-01-06 --out out
4 order --estate shop --as-of 2026-01-06 --out out --state damaged
5 order --estate shop --as-of 2026-01-06 --out file/out
5 order --estate shop --as-of 2026-01-06 --out out --state file
0 pack --data packer --for 0001 --out stick
2 pack --data packer --for 0001 --out packer/stick
3 pack --data packer --for 0999 --out stick
5 pack --data packer --for 0001 --out file/stick
7 pack --data packer --for 0001 --out stick --roster damaged-roster
0 quarantine 0042 --from 0 --data held
2 quarantine 0042 --data held
3 quarantine 0077 --from 0 --data held
5 quarantine 0042 --from 0 --data file
6 quarantine 0042 --lift --data held
7 quarantine 0042 --from 99 --data held
0 rebuild --from held --roster roster
2 rebuild --from held --roster roster --data new-centre
3 rebuild --from nowhere --roster roster
5 rebuild --from held --roster unreadable/sales.csv
7 rebuild --from held --roster damaged-roster
0 recover --estate shop --from 2026-01-07 --days 2 --paths 2 --out recovery
2 recover --estate shop --from 2026-01-07 --days 0 --out recovery
3 recover --estate broken --from 2026-01-07 --out recovery
5 recover --estate unreadable --from 2026-01-07 --out recovery
6 recover --estate ended --from 2026-01-07 --out recovery
0 enrol --at AT --key new.key --code CODE
2 enrol --at nowhere --key new.key --code CODE
3 enrol --at AT --key other.key --code 00000000
5 enrol --at http://127.0.0.1:1 --key new.key --code CODE
7 enrol --at AT --key damaged-roster --code CODE
0 repair --data rotten --from j
2 repair --data rotten
3 repair --data nowhere --from j
5 repair --data rotten-too --from unreadable-j
6 repair --data whole --from j
7 repair --data rotten-too --from damaged-j
0 roster show roster
2 roster show
3 roster show nowhere
5 roster key nowhere/anna.key --name anna
7 roster show damaged-roster
0 sample --stores 2 --lines 20 --days 60 --out sample
2 sample --stores 2 --lines 20 --days 60 --dark-share 1.5 --out sample
3 sample --stores 2 --lines 20 --days 60 --out foreign
5 sample --stores 2 --lines 20 --days 60 --out file/sample
0 sheet print order.json --key site.key --out sheet.pdf
2 sheet print order.json --key site.key
3 sheet print nowhere.json --key site.key --out sheet.pdf
5 sheet print order.json --key site.key --out nowhere/sheet.pdf
7 sheet read file --roster roster
0 sim --seeds 1 --commands 60
2 sim --seeds 9..1
7 sim --seeds 1 --commands 60 --marks
0 site --kind store --id S1 --data new-site --listen 127.0.0.1:0 --plain --estate shop --check
2 site --kind shop --id S1 --data new-site --listen 127.0.0.1:0
3 site --kind store --id S1 --data new-site --listen 127.0.0.1:0 --estate nowhere --check
5 site --kind store --id S1 --data file/site --listen 127.0.0.1:0
7 site --kind store --id S42 --data roster-site --listen 127.0.0.1:0 --roster damaged-roster --check
8 site --kind store --id S42 --data torn-site --listen 127.0.0.1:0 --check
0 trace --product P1 empty-j
2 trace --product a-product-with-an-id-that-is-too-long empty-j
3 trace --product P1 nowhere
5 trace --product P1 unreadable-j
7 trace --product P1 j
0 unpack stick --data taker
2 unpack stick
3 unpack nowhere --data taker
5 unpack stick --data taker --roster unreadable/sales.csv
7 unpack altered --data taker
0 vault thin --place foreign
2 vault copy --data packer
3 vault copy --data nowhere --estate shop --to place --recipients file
5 vault thin --place file
7 vault copy --data taker --estate shop --to place --recipients file --roster damaged-roster
0 verify j
2 verify
3 verify j --roster nowhere
3 verify nowhere
5 verify unreadable-j
7 verify damaged-j
0 why --estate shop --as-of 2026-01-06 --site S1 --product P1
2 why --estate shop --as-of 2026-01-06 --site S1
3 why --estate broken --as-of 2026-01-06 --all
4 why --estate shop --as-of 2026-01-06 --all --state damaged
5 why --estate unreadable --as-of 2026-01-06 --all
6 why --estate shop --as-of 2026-01-06 --site S1 --product P9
ROWS
code=$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' site.out)
sed -i "s,--at AT,--at $at,; s,CODE,$code," rows

while read -r code arguments; do
  # shellcheck disable=SC2086 # the words of a row are arguments
  expect "$code" $arguments <file
  [ "$code" = 0 ] && continue
  test "$(grep -c '^stockade: ' stderr)" = 1 || { echo "$arguments"; cat stderr; exit 1; }
done <rows
test "$(ls foreign)" = letter

# The documents name the same codes for each command, and --help the same codes.
expect 0 --help
sed -n '/^Subcommands:/,/^$/s/^  \([a-z]*\) .*/\1/p' stdout >commands
sed -n 's/^| \([0-9]\) |.*| \([^|]*\) |$/\1 \2/p' "$SOURCE_DIR/docs/operating/commands.md" |
  while read -r code who; do
    [ "$who" = all ] && who=$(cat commands)
    [[ $who != 'all but '* ]] || who=$(tr -d '`' <<<"${who#all but }" | grep -vxFf - commands)
    for command in ${who//\`/}; do echo "$code $command"; done
  done | sort >documented
cut -d ' ' -f 1,2 rows | sort -u >tested
diff -u documented tested
cut -d ' ' -f 1 tested | sort -u | tr '\n' ' ' >codes
sed -n 's/^Exit codes: //p' stdout | tr ';' '\n' | sed -n 's/^ *\([0-9]\) .*/\1/p' | tr '\n' ' ' |
  diff -u - codes

# What an option takes is said in the same words for all of them.
refuses() { # TEXT ARGUMENT...
  local text=$1
  shift
  expect 2 "$@"
  says stderr "stockade: $text; see stockade $1 --help"
  test ! -s stdout
}
day='expected a day YYYY-MM-DD from'
for command in check compare evaluate forecast order why; do
  for wrong in 2026-6-14 2026-02-30 yesterday 14/06/2026; do
    refuses "--as-of: \"$wrong\": $day 1900-01-01 to 2199-12-31" $command --as-of $wrong
  done
done
refuses "--from: \"2026-13-01\": $day 1900-01-01 to 2199-12-31" backtest --from 2026-13-01
refuses "--last-day: \"2079-06-07\": $day 1950-01-01 to 2079-06-06" sample --last-day 2079-06-07
refuses '--stores: "1": expected a whole number from 2 to 9999' sample --stores 1
refuses '--horizon: "1.5": expected a whole number from 1 to 366' forecast --horizon 1.5
refuses '--dark-share: "nan": expected a number from 0 to 1' sample --dark-share nan
refuses '--compress: "rar": expected one of none, gz, zst' sample --compress rar
for command in compare forecast order sample; do
  refuses '--out: "": expected a name that is not empty' $command --out ''
done
refuses '--state: "": expected a name that is not empty' order --state ''
