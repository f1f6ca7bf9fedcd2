# The switches of a build and the compiler flags that every target shares.
set(STOCKADE_SANITIZE "" CACHE STRING "sanitizers, for example address,undefined")
option(STOCKADE_TESTS "build the unit tests" ON)
option(STOCKADE_COMMAND_TESTS "register the tests that run the stockade binary" OFF)
option(STOCKADE_FUZZ "build every x_fuzz.cc with libFuzzer (needs clang)" OFF)
option(STOCKADE_BENCH "build every x_bench.cc with Google Benchmark" OFF)

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)
find_library(SODIUM_LIBRARY sodium REQUIRED)
find_library(SQLITE_LIBRARY sqlite3 REQUIRED)
find_library(SIMDJSON_LIBRARY simdjson REQUIRED)
find_library(HARU_LIBRARY hpdf REQUIRED)
find_library(QRENCODE_LIBRARY qrencode REQUIRED)
find_library(ZINT_LIBRARY zint REQUIRED)
find_package(CURL REQUIRED)
if(STOCKADE_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
if(STOCKADE_BENCH)
  find_package(benchmark REQUIRED)
endif()

# Floating point stays in source order, so that a plan has the same bytes in every build:
# -ffp-contract=off, and never -ffast-math. The prefix map keeps paths of this machine out of
# objects, which also lets two checkouts share ccache's results.
add_compile_options(-Wall -Wextra -Wconversion -Wno-sign-conversion -Werror
                    -ffp-contract=off -fno-omit-frame-pointer
                    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A local may not hide a local (clang has no such word). g++ 12 takes the joining of short
  # std::strings for overlapping copies.
  add_compile_options(-Wshadow=local -Wno-restrict)
else()
  # g++ 12's own std::stable_sort calls what clang reports as deprecated.
  add_compile_options(-Wno-deprecated-declarations)
endif()

if(STOCKADE_SANITIZE)
  add_compile_options(-fsanitize=${STOCKADE_SANITIZE} -fno-sanitize-recover=all
                      -D_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=${STOCKADE_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code hides initialisation from this warning; the release build keeps it.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
endif()

# libFuzzer's coverage goes into the whole build; its main only into the fuzz programs.
if(STOCKADE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Base folder and hash_dir: objects of one checkout serve the next. Sloppiness: what precompiled
# headers need, and nothing that a change of content could slip through: a header younger than the
# compile is not remembered. Depend mode lets the compiler read a source right after its hash was
# taken; with a preprocessor between them, an edit in that second was stored under the old hash.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  endif()
endif()
