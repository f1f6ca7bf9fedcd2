# How fast one thread verifies, beside SHA-256 of the same library over 16 KiB blocks.
. tests/prove/lib.sh
rm -rf build/prove/bench-verify
command="stockade bench verify --json"
printed=$("$STOCKADE" ${command#stockade } --folder build/prove/bench-verify)
openssl=$(openssl speed -seconds 1 -bytes 16384 -evp sha256 2>log.openssl |
  awk 'END { sub("k$", "", $2); print $2 / 1e6 }')
rm -f log.openssl
ratio=$(json ratio <<<"$printed")
row "verify, 4 KiB entries" "$(json gb_s <<<"$printed") GB/s, $(calc "100 * $ratio") % of SHA-256" \
  ">= 60 %" "$(verdict "$ratio >= 0.6")" "$command"
row "SHA-256, ours and the openssl command's" \
  "$(json sha256_gb_s <<<"$printed") and $openssl GB/s" "printed" pass \
  "openssl speed -bytes 16384 -evp sha256"
printed=$("$STOCKADE" ${command#stockade } --entry-bytes 256 --folder build/prove/bench-verify)
row "verify, 256-byte entries" \
  "$(json gb_s <<<"$printed") GB/s, $(calc "100 * $(json ratio <<<"$printed")") %" "printed" pass \
  "$command --entry-bytes 256"
