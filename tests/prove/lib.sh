# What the rows of every table share: reading flat JSON, arithmetic, and the shape of a row.
json() { # NAME, JSON on standard input: the first number of that name
  grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'
}
calc() { # EXPRESSION, with two decimals
  awk "BEGIN { value = $1; printf \"%.2f\", value }"
}
verdict() { # CONDITION of awk
  awk "BEGIN { print ($1) ? \"pass\" : \"FAIL\" }"
}
aim() { # CONDITION of awk that nobody must reach, but all who read the table should see
  awk "BEGIN { print ($1) ? \"pass\" : \"aim missed\" }"
}
row() { # WHAT MEASURED BAR VERDICT COMMAND
  printf '%s | %s | %s | %s | %s\n' "$@"
}
unit_tests() { # PROGRAM FILTER: builds, runs; what is printed, in PRINTED, and failures in FAILED
  cmake --build --preset release --target "$1" >&2
  FAILED=0
  PRINTED=$("build/release/$1" --gtest_filter="$2" 2>&1) || FAILED=1
  PASSED=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) tests*\..*/\1/p' <<<"$PRINTED")
}
said() { # NAME: what unit_tests has printed behind it
  sed -n "s/^$1: //p" <<<"$PRINTED"
}
sample() { # FOLDER OPTION...: a sample estate, made once
  local folder=$1
  shift
  [ -e "$folder/sample.toml" ] || "$STOCKADE" sample "$@" --out "$folder" >&2
}
