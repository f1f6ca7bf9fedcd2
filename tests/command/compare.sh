# stockade compare: exact output on small folders, and every way in which its input can be wrong.
. "$SOURCE_DIR/tests/command/lib.sh"

small_estate shop
small_orders

expect 0 compare --ours ours --theirs theirs.csv
test ! -s stderr
is stdout <<'TEXT'
ours: ours
theirs: theirs.csv
Amounts in units. Net is ours less theirs, gross the sum of all differences without sign.

             lines    share  ours  theirs  net  gross
only ours        0    0.0 %     0       0    0      0
only theirs      1   25.0 %     0       3   -3      3
ours higher      1   25.0 %    12       6   +6      6
ours lower       1   25.0 %     4      10   -6      6
same             1   25.0 %     5       5    0      0
all              4  100.0 %    21      24   -3     15
Not counted: 1 line that both leave at 0 units.

what decided ours  lines  same  ours more  ours less  net  gross
demand                 1     0          1          0   +6      6  demand until the next drop
shelf                  1     0          0          1   -6      6  cut: the shelf holds no more
not_ordered            1     0          0          1   -3      3  none of ours: enough, or not due
stock_unknown          1     1          0          0    0      0  no stock record: forecast only

site  lines  same  ours more  ours less  net  gross
S1        2     0          1          1    0     12
S2        2     1          0          1   -3      3

The largest differences
  site  product  ours  theirs  units  what decided ours
  S1    P1         12       6     +6  demand
  S1    P2          4      10     -6  shelf
  S2    P3          0       3     -3  not_ordered
TEXT

expect 0 compare --ours ours --theirs theirs.csv --estate shop --out lines.csv
is stdout <<'TEXT'
ours: ours
theirs: theirs.csv
Amounts in GBP. Net is ours less theirs, gross the sum of all differences without sign.

             lines    share   ours  theirs    net  gross
only ours        0    0.0 %   0.00    0.00   0.00   0.00
only theirs      1   25.0 %   0.00    0.00   0.00   0.00
ours higher      1   25.0 %   6.00    3.00  +3.00   3.00
ours lower       1   25.0 %   4.80   12.00  -7.20   7.20
same             1   25.0 %   2.50    2.50   0.00   0.00
all              4  100.0 %  13.30   17.50  -4.20  10.20
Not counted: 1 line that both leave at 0 units.
No price, so no value: 1 line.

what decided ours  lines  same  ours more  ours less    net  gross
shelf                  1     0          0          1  -7.20   7.20  cut: the shelf holds no more
demand                 1     0          1          0  +3.00   3.00  demand until the next drop
not_in_range           1     0          0          1   0.00   0.00  none of ours: not in range
stock_unknown          1     1          0          0   0.00   0.00  no stock record: forecast only

category  lines  same  ours more  ours less    net  gross
bakery        1     0          0          1  -7.20   7.20
dairy         2     1          1          0  +3.00   3.00
(none)        1     0          0          1   0.00   0.00

site  lines  same  ours more  ours less    net  gross
S1        2     0          1          1  -4.20  10.20
S2        2     1          0          1   0.00   0.00

The largest differences
  site  product  name          ours  theirs  units    GBP  what decided ours
  S1    P2       Bread, white     4      10     -6  -7.20  shelf
  S1    P1       Milk            12       6     +6  +3.00  demand
  S2    P3       Salt             0       3     -3         not_in_range
TEXT
is lines.csv <<'CSV'
site,product,side,ours_units,theirs_units,difference_units,price,difference_value,why
S1,P2,ours_lower,4,10,-6,1.2,-7.2,shelf
S1,P1,ours_higher,12,6,6,0.5,3,demand
S2,P3,only_theirs,0,3,-3,,,not_in_range
S2,P1,same,5,5,0,0.5,0,stock_unknown
CSV

expect 0 compare --ours ours --theirs theirs.csv --estate shop --top 1 --json
if command -v python3 >python; then python3 -m json.tool stdout >json; fi
says stdout '"currency": "GBP"'
says stdout '"neither_lines": 1'

# Packed files are the same files; two equal sides have nothing to list.
gzip -k theirs.csv
cp -r ours packed
gzip packed/orders.csv
expect 0 compare --ours packed --theirs theirs.csv.gz --json
cp stdout packed.json
expect 0 compare --ours ours --theirs theirs.csv --json
diff <(sed 1,3d packed.json) <(sed 1,3d stdout)
expect 0 compare --ours ours --theirs ours/orders.csv
says stdout "No line differs."

expect 3 compare --ours nowhere --theirs theirs.csv
says stderr "nowhere"
expect 3 compare --ours ours --theirs nowhere.csv
says stderr "nowhere.csv"
expect 3 compare --ours ours --theirs theirs.csv --estate nowhere
says stderr "nowhere"
expect 5 compare --ours ours --theirs theirs.csv --out nowhere/lines.csv
says stderr "nowhere"

printf 'site,product,units\nS1,P1,1\nS1,P2,two\n' >bad.csv
expect 3 compare --ours ours --theirs bad.csv --out bad-lines.csv
says stderr 'bad.csv:3: column units: "two": expected a whole number'
test ! -s stdout
test ! -e bad-lines.csv
printf 'site,product,units\nS1,P1,1\nS1,P1,2\n' >bad.csv
expect 3 compare --ours ours --theirs bad.csv
says stderr "bad.csv:3: the same site, product and due_date as in line 2"
printf 'shop,product,units\n' >bad.csv
expect 3 compare --ours ours --theirs bad.csv
says stderr "bad.csv:1: expected a column site"

head -n 1 ours/orders.csv >empty
mv empty ours/orders.csv
printf 'site,product,units\n' >theirs.csv
expect 6 compare --ours ours --theirs theirs.csv
says stderr "neither holds an order"
