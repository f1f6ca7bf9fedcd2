# The words that CMakeLists.txt is written in: house_folder, house_program and house_test, and for
# tests/CMakeLists.txt house_command_test.

# Two precompiled headers serve the whole house: one for libraries, one for test programs. They are
# named with <>, because CMake would write the quoted form as a path of this checkout, and then
# ccache could not reuse anything elsewhere.
function(house_precompile name header)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${name}.cc CONTENT "// Holds a precompiled header.\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/${name}.cc)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake)
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
  target_precompile_headers(${name} PRIVATE <${header}>)
endfunction()

house_precompile(house_pch pch.h LINKS fmt::fmt Threads::Threads)
if(STOCKADE_TESTS)
  house_precompile(house_pch_test pch_test.h LINKS fmt::fmt Threads::Threads GTest::gmock)
endif()

# house_folder(NAME USES other...): one static library per folder of src/ and its allowed
# neighbours. x_test.cc goes into the folder's test program; each x_fuzz.cc and each x_bench.cc
# becomes a program of its own, where the build asks for them.
function(house_folder name)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  set(dir ${CMAKE_SOURCE_DIR}/src/${name})
  file(GLOB all CONFIGURE_DEPENDS ${dir}/*.cc ${dir}/*/*.cc)
  foreach(kind test oracle fuzz bench)
    set(${kind} ${all})
    list(FILTER ${kind} INCLUDE REGEX "_${kind}\\.cc$")
  endforeach()
  list(FILTER all EXCLUDE REGEX "(_test|_oracle|_bench|_fuzz|/main)\\.cc$")

  if(all)
    add_library(${name} STATIC ${all})
    target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${name} PUBLIC ${ARG_USES})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME stockade_${name})
    target_precompile_headers(${name} REUSE_FROM house_pch)
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(${name} INTERFACE ${ARG_USES})
  endif()

  if(oracle AND STOCKADE_TESTS)
    add_library(${name}_oracle STATIC ${oracle})
    target_link_libraries(${name}_oracle PUBLIC ${name})
  endif()
  if(test AND STOCKADE_TESTS)
    set(links ${name})
    foreach(folder ${name} ${ARG_USES})
      if(TARGET ${folder}_oracle)
        list(APPEND links ${folder}_oracle)
      endif()
    endforeach()
    house_test(${name} SOURCES ${test} LINKS ${links})
  endif()
  if(STOCKADE_FUZZ)
    house_fuzzers(${name} ${fuzz})
  elseif(STOCKADE_TESTS)
    house_corpus_tests(${name} ${fuzz})
  endif()
  if(STOCKADE_BENCH)
    house_benches(${name} ${bench})
  endif()
endfunction()

# house_program(NAME MAIN LINKS library...): a program placed at the top of the build folder.
function(house_program name main)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  add_executable(${name} ${CMAKE_SOURCE_DIR}/src/${main})
  target_link_libraries(${name} PRIVATE ${ARG_LINKS})
endfunction()

# house_test(NAME SOURCES file... LINKS library...): the program NAME_test, registered with ctest.
# It runs in the source folder, which is why STOCKADE_SOURCE_DIR can be the same short word in
# every checkout.
function(house_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name}_test ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${ARG_LINKS} fmt::fmt GTest::gmock_main rapidcheck)
  target_precompile_headers(${name}_test REUSE_FROM house_pch_test)
  target_compile_definitions(${name}_test PRIVATE STOCKADE_SOURCE_DIR=".")
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
  house_register(${name} ${name}_test)
endfunction()

# Name and label tell an instrumented program from a plain one, because ./dev test runs two build
# folders as one and ctest mixes up the properties of tests that share a name.
function(house_register name)
  set(kind plain)
  if(STOCKADE_SANITIZE)
    set(kind sanitized)
    string(APPEND name -sanitized)
  endif()
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS unit-${kind} TIMEOUT 600
                                          WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()

# One libFuzzer program per x_fuzz.cc, named after the file.
function(house_fuzzers folder)
  foreach(source ${ARGN})
    get_filename_component(program ${source} NAME_WE)
    add_executable(${program} ${source})
    target_link_libraries(${program} PRIVATE ${folder})
    target_link_options(${program} PRIVATE -fsanitize=fuzzer)
  endforeach()
endfunction()

# One Google Benchmark program per x_bench.cc, named after the file.
function(house_benches folder)
  foreach(source ${ARGN})
    get_filename_component(program ${source} NAME_WE)
    add_executable(${program} ${source})
    target_link_libraries(${program} PRIVATE ${folder} benchmark::benchmark_main)
  endforeach()
endfunction()

# The fuzz programs' files without libFuzzer: every input that is kept in tests/corpus/NAME runs
# once, so what fuzzing found stays found in builds that have no clang.
function(house_corpus_tests folder)
  foreach(source ${ARGN})
    get_filename_component(program ${source} NAME_WE)
    string(REGEX REPLACE "_fuzz$" "" input ${program})
    add_executable(${program} ${source} ${CMAKE_SOURCE_DIR}/tests/corpus_main.cc)
    target_link_libraries(${program} PRIVATE ${folder})
    house_register(${input}-corpus ${program} tests/corpus/${input})
  endforeach()
endfunction()

# house_command_test(NAME SCRIPT): a bash script that runs the built binary. It starts in an empty
# folder of its own, which is kept afterwards for a look; STOCKADE is the binary and SOURCE_DIR the
# checkout. Exit 77 means skipped. Registered only where the binary is the one that people get.
function(house_command_test name script)
  if(NOT STOCKADE_COMMAND_TESTS)
    return()
  endif()
  get_filename_component(script ${script} ABSOLUTE)
  set(folder ${CMAKE_BINARY_DIR}/command/${name})
  add_test(NAME ${name}
           COMMAND bash -c [[rm -rf "$1"; mkdir -p "$1"; cd "$1" && exec bash -euo pipefail "$2"]]
                   ${name} ${folder} ${script})
  set_tests_properties(${name} PROPERTIES
    LABELS command TIMEOUT 300 SKIP_RETURN_CODE 77
    ENVIRONMENT "STOCKADE=$<TARGET_FILE:stockade>;SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()
