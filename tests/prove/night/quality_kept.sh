# The quality rows of the order topic again, with the settings that the speed rows run with: there
# are no others.
# needs ../shared
for name in ordering forecast calibration fresh; do
  bash -euo pipefail "tests/prove/order/$name.sh"
done
