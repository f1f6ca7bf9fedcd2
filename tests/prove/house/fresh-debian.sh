# From a Debian 12 with bash and apt alone to a tested build and a demo. Makes a minimal system in
# build/fresh-debian from this machine's own package sources, puts the committed tree in it, and
# runs ./dev there. Needs root and about a quarter of an hour; what it printed stays in
# build/fresh-debian-*.log.
root=$SOURCE_DIR/build/fresh-debian
test_minutes_max=15
demo_minutes_max=15

mapfile -t sources < <(grep -lEs '^(deb|URIs:).*debian' /etc/apt/sources.list \
  /etc/apt/sources.list.d/*.{list,sources})
mapfile -t settings < <(grep -lsE '^ *Acquire::' /etc/apt/apt.conf.d/*)

make_system() {
  local options=(--variant=minbase --include=apt) file
  for file in "${settings[@]}"; do options+=("--aptopt=$file"); done
  if grep -qE '^(deb|URIs:).*https:' "${sources[@]}"; then
    options+=(--include=ca-certificates)
  fi
  rm -rf "$root"
  mmdebstrap "${options[@]}" bookworm "$root" "${sources[@]}"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  cp -r /etc/apt/auth.conf.d "$root/etc/apt/"
  if [ -d "$root/etc/ssl/certs" ]; then cp -rL /etc/ssl/certs "$root/etc/ssl/"; fi
  mkdir -p "$root/stockade"
  git archive HEAD | tar x -C "$root/stockade"
}

# With an empty environment but for the way to the package sources.
in_system() { # COMMAND
  unshare --mount --pid --fork bash -c '
    mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/stockade CI=true \
      ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
      chroot "$1" bash -c "cd stockade && $2"' - "$root" "$1" </dev/null
}

row() { # VERB MINUTES_MAX
  local begin=$SECONDS verdict=pass minutes
  in_system "./dev $1" >"$SOURCE_DIR/build/fresh-debian-$1.log" 2>&1 || verdict=FAIL
  minutes=$(awk -v s=$((SECONDS - begin)) 'BEGIN { printf "%.1f", s / 60 }')
  if awk -v a="$minutes" -v b="$2" 'BEGIN { exit a <= b }'; then verdict=FAIL; fi
  echo "fresh-debian $1 | $minutes min | ends well in $2 min | $verdict | ./dev $1"
}

if [ "$(id -u)" != 0 ]; then
  echo "fresh-debian | - | - | SKIPPED | needs root to make a system"
  exit 0
fi
command -v mmdebstrap >&2 || apt-get install -y -qq mmdebstrap >&2
make_system >&2
row test "$test_minutes_max"
row demo "$demo_minutes_max"
