# SPDX-License-Identifier: Apache-2.0
# assay_module(<folder> DEPS <targets>...): one folder under src/assay is one static library
# assay_<folder> (slashes become underscores) of all its *.cpp, and one test program of all its
# *_test.cpp. A new file needs no line in any list.
include(GoogleTest)

# assay_add_test(<target> [LABELS ...]): registers a GoogleTest program with ctest as one test, so
# that a hundred small cases cost one process.
#
# COLD says that nothing in the folder runs often. Tests are cold too. The first build must end within
# 5 minutes on 2 cores, and -O3 makes a file that is mostly other people's headers a third dearer.
function(assay_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

function(assay_add_test target)
  assay_cold(${target})
  cmake_parse_arguments(ARG "" "" "LABELS" ${ARGN})
  add_test(NAME ${target} COMMAND ${target} --gtest_brief=1)
  set_tests_properties(${target} PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}")
endfunction()

function(assay_module folder)
  cmake_parse_arguments(ARG "COLD" "" "DEPS;TEST_DEPS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  set(target assay_${name})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")

  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC ${ARG_DEPS} PRIVATE assay_options)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    if(ARG_COLD)
      assay_cold(${target})
    endif()
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARG_DEPS})
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR}/src)
  endif()

  if(tests AND ASSAY_TESTS)
    add_executable(${target}_test ${tests})
    target_link_libraries(${target}_test PRIVATE ${target} ${ARG_TEST_DEPS} assay_options
                                                 GTest::gmock_main assay_rapidcheck)
    assay_add_test(${target}_test)
  endif()
endfunction()
