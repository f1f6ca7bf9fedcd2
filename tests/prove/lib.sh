# What the rows of every table share: reading flat JSON, arithmetic, and the shape of a row.
json() { # NAME, JSON on standard input: the first number of that name
  grep -oE "\"$1\": [-0-9.]+" | head -n 1 | grep -oE '[-0-9.]+$'
}
calc() { # EXPRESSION, with two decimals
  awk "BEGIN { printf \"%.2f\", $1 }"
}
verdict() { # CONDITION of awk
  awk "BEGIN { print ($1) ? \"pass\" : \"FAIL\" }"
}
row() { # WHAT MEASURED BAR VERDICT COMMAND
  printf '%s | %s | %s | %s | %s\n' "$@"
}
sample() { # FOLDER OPTION...: a sample estate, made once
  local folder=$1
  shift
  [ -e "$folder/sample.toml" ] || "$STOCKADE" sample "$@" --out "$folder" >&2
}
