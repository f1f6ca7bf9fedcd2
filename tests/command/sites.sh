# An estate of sites that speak to each other over TLS, for command tests: source it behind lib.sh.
# Everything of a site stands beside its folder: FOLDER.at, .pin, .out, .err, .person.

# The roster of one approver.
"$STOCKADE" roster key anna.key --name anna >anna.vkey
"$STOCKADE" roster init roster --estate sample --threshold 1 --approver anna.vkey
add() { # FOLDER CODE ROLE: a site's key, and its line in the roster
  mkdir -p "$1"
  "$STOCKADE" journal key "$1/site.key" --name "stockade/sample/$2/1" >"$1.vkey"
  "$STOCKADE" roster add roster --key "$1.vkey" --role "$3" --from 2026-06-14
}

# With $port set the site listens there, with $roster_file it goes by that file.
start() { # FOLDER KIND ID OPTION...
  local folder=$1 kind=$2 id=$3
  shift 3
  rm -f "$folder.out"
  "$STOCKADE" site --kind "$kind" --id "$id" --data "$folder" --listen "127.0.0.1:${port:-0}" \
    --estate-name sample --roster "${roster_file:-roster}" --night-at $night_at \
    --log "$folder.log" "$@" \
    >"$folder.out" 2>"$folder.err" &
  echo $! >"$folder.pid"
  wait_until 60 "grep -qs '^key: ' $folder.out" || die "$(cat "$folder.err")"
  sed -n 's/.* serves \(.*\)$/\1/p' "$folder.out" >"$folder.at"
  sed -n 's/^key: //p' "$folder.out" >"$folder.pin"
}
stop() { # FOLDER
  kill "$(cat "$1.pid")"
  wait "$(cat "$1.pid")" || true
}
enrol() { # FOLDER
  "$STOCKADE" enrol --at "$(cat "$1.at")" --pin "$(cat "$1.pin")" --key "$1.person" \
    --code "$(sed -n 's/.*--code \([^ ]*\) .*/\1/p' "$1.out")" >/dev/null
}
at() { # FOLDER METHOD TARGET [BODY]: as the person of the site, or as $PERSON
  local folder=$1
  shift
  if [ $# -gt 2 ]; then set -- "$1" "$2" --body "$3"; fi
  "$STOCKADE" call --at "$(cat "$folder.at")" --pin "$(cat "$folder.pin")" \
    --key "${PERSON:-$folder.person}" "$@"
}
way_to() { # FOLDER CODE: how others dial it
  echo "$2@$(sed 's,.*//,,' "$1.at")"
}
entries() { # FOLDER: signed entries of a journal; 0 without any
  "$STOCKADE" verify "$1" --json 2>/dev/null | jq '.checkpoint_size // 0'
}
roster_of() { # FOLDER: how the roster's file stands, and the number of the roster in use
  at "$1" GET /readyz | jq -r '"\(.roster) \(.roster_number)"'
}
