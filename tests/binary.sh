# The release binary starts, and it needs nothing but libraries that Debian 12 carries.
test -x "$STOCKADE"
if ldd "$STOCKADE" | grep "not found"; then exit 1; fi
