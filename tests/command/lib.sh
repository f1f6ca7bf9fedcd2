# What the command tests share: runs of the binary with an expected exit code, and exact texts.

# expect CODE ARGUMENT...: runs stockade; its output is in ./stdout and ./stderr afterwards.
expect() {
  local code=$1 got=0
  shift
  "$STOCKADE" "$@" >stdout 2>stderr || got=$?
  [ "$got" = "$code" ] && return
  echo "stockade $*: exit code $got, expected $code"
  cat stdout stderr
  return 1
}

# says FILE TEXT: the file holds the text.
says() {
  grep -qF -- "$2" "$1" && return
  echo "$1 does not say: $2"
  cat "$1"
  return 1
}

# is FILE: the file equals standard input.
is() { diff -u - "$1"; }

die() { # WORDS
  echo "FAILED: $*" >&2
  exit 1
}

# wait_until SECONDS COMMAND: until it succeeds, with looks every $pause seconds; fails after that
# time.
wait_until() {
  local end=$((SECONDS + $1))
  until eval "$2"; do
    [ $SECONDS -lt $end ] || die "waited in vain for: $2"
    sleep "${pause:-0.2}"
  done
}

# Sites in these tests get this hour for their own night, so that none comes between. Waits where it
# is about to come.
night_at=23:59
before_the_night() {
  [ "$(date +%H%M)" -lt 2355 ] || sleep 310
}

# Two stores with a depot, three products, two days of sales, stock of one line.
small_estate() { # FOLDER
  mkdir "$1"
  printf 'format = 1\nname = "Small"\nperiod = "day"\n' >"$1/estate.toml"
  printf 'site,kind,depot\nS1,store,D1\nS2,store,D1\nD1,depot,\n' >"$1/sites.csv"
  cat >"$1/products.csv" <<'CSV'
product,name,category,unit_cost,unit_price
P1,Milk,dairy,0.50,0.90
P2,"Bread, white",bakery,,1.20
P3,Salt,,,
CSV
  cat >"$1/sales.csv" <<'CSV'
date,site,product,units
2026-01-05,S1,P1,3
2026-01-05,S1,P2,4
2026-01-05,S2,P1,5
2026-01-06,S1,P1,6
CSV
  printf 'site,product,on_hand_units\nS1,P1,7\n' >"$1/stock.csv"
}

# Our orders for the small estate, in ours, and somebody else's, in theirs.csv.
small_orders() {
  mkdir ours
  local columns=order,line,site,product,units,cases,source,drop,due_date,expected_demand,order_up_to
  columns+=,on_hand,on_order,cut,cut_reason,held,reason
  cat >ours/orders.csv <<CSV
$columns
O1,1,S1,P1,12,2,D1,0,2026-01-08,9.5,19,7,0,0,,,demand
O1,2,S1,P2,4,4,D1,0,2026-01-08,4.0,8,0,0,6,shelf,,demand
O2,1,S2,P1,5,5,D1,0,2026-01-08,5.0,5,0,0,0,,,stock_unknown
CSV
  cat >theirs.csv <<'CSV'
site,product,units,buyer,due_date
S1,P1,2,Ann,2026-01-08
S1,P1,4,Ann,2026-01-09
S1,P2,10,Ann,2026-01-08
S2,P1,5,Bob,2026-01-08
S2,P3,3,Bob,2026-01-08
S2,P2,0,Bob,2026-01-08
CSV
}

# An order for a sheet: two changes to a standing order, on standard output.
paper_order() {
  cat <<'JSON'
{"number": "0042-1-1234-85", "depot": "9001", "delivery": "2026-06-15", "drop": 1,
 "chain": "chilled", "standing_from": "2026-06-14", "made_at_ms": 1781461800000,
 "store_name": "High Street", "depot_name": "Inverness",
 "rows": [{"product": "P00012", "units": 24, "name": "Milk"}, {"product": "P00049", "units": 0}]}
JSON
}
