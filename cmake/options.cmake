# Compiler flags that every target shares. Floating point is kept in source order so that a plan has the same bytes in
# every build (-ffp-contract=off; never -ffast-math).
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(GTest REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(rapidcheck REQUIRED)
find_library(ZSTD_LIBRARY zstd REQUIRED)

option(STOCKADE_SANITIZE "build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(STOCKADE_TESTS "build the tests" ON)

add_compile_options(-Wall -Wextra -Wshadow=local -Wconversion -Wno-sign-conversion -Werror -ffp-contract=off
                    -fno-omit-frame-pointer)
if(STOCKADE_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  add_compile_options(-fpch-preprocess)
endif()
