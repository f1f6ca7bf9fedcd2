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
