# The contract as others read it, for rows that hold a live site against it; source it behind
# lib.sh, with $work a folder. Prism's validating proxy stands between a client and a site; a
# request or an answer that is not the contract's becomes an error there.
tools=build/contract
mkdir -p $tools
[ -x $tools/node_modules/.bin/prism ] || npm install --no-audit --no-fund --prefix $tools \
  node@20.20.2 @redocly/cli@2.77.0 @stoplight/prism-cli@5.14.2 >$tools/npm.log 2>&1
export PATH="$PWD/$tools/node_modules/.bin:$PATH"
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT

redocly_row() {
  local errors
  errors=$(redocly lint --format json api/openapi.yaml 2>/dev/null | json errors || true)
  row "redocly lint" "${errors:-broken} errors" "0" "$(verdict "${errors:-1} == 0")" \
    "redocly lint api/openapi.yaml"
}

wait_for_text() { # SECONDS TEXT FILE
  local looks=$(($1 * 10))
  while [ $((looks--)) -gt 0 ]; do
    grep -qs "$2" "$3" && return
    sleep 0.1
  done
  echo "$3 does not say $2" >&2
  return 1
}
serve() { # NAME OPTION...: a site over plain HTTP; where it serves, in $work/NAME.at
  local name=$1
  shift
  "$STOCKADE" site --data "$work/$name" --listen 127.0.0.1:0 --plain "$@" \
    >"$work/$name.out" 2>"$work/$name.err" &
  echo $! >"$work/$name.pid"
  wait_for_text 30 'makes one' "$work/$name.out"
  sed -n 's/.* serves //p' "$work/$name.out" >"$work/$name.at"
}
proxy_before() { # NAME: Prism before the served site, in $work/NAME.proxy, and a person there
  local port=$((20000 + RANDOM % 20000)) code
  prism proxy --errors -p $port api/openapi.yaml "$(cat "$work/$1.at")" >"$work/$1.prism" 2>&1 &
  wait_for_text 60 listening "$work/$1.prism"
  echo "http://127.0.0.1:$port" >"$work/$1.proxy"
  code=$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$work/$1.out")
  "$STOCKADE" enrol --at "$(cat "$work/$1.proxy")" --key "$work/$1.key" --code "$code" >/dev/null
}
asked=0 broken=0
through() { # NAME WANTED METHOD TARGET [BODY]: by the proxy, and answered as wanted
  local name=$1 wanted=$2 code=0
  shift 2
  "$STOCKADE" call --at "$(cat "$work/$name.proxy")" --key "$work/$name.key" "$1" "$2" \
    ${3:+--body "$3"} >"$work/answer" 2>"$work/error" || code=$?
  asked=$((asked + 1))
  echo "$1 ${2%%\?*}" >>"$work/asked"
  if [ $code != "$wanted" ] || grep -q 'stoplight.io' "$work/answer"; then
    broken=$((broken + 1))
    { echo "$name: $* ended with $code:"; cat "$work/answer" "$work/error"; } >&2
  fi
}
answer() { # EXPRESSION of jq, over the last answer
  jq -r "$1" "$work/answer"
}
