# The folders of src/ include only what CMakeLists.txt lets them, and every file keeps its shape.
cmake --build --preset release --target tidy_test >&2
command="build/release/tidy_test"
if "$command" >&2; then verdict=pass broken=0; else verdict=FAIL broken="1 or more"; fi
echo "includes | $broken rules broken | 0 | $verdict | $command"
