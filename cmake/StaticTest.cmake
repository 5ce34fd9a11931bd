# SPDX-License-Identifier: Apache-2.0
# static_test: the shipped binary needs nothing but glibc's own parts, so that the one file runs on
# any newer Linux. Sanitizers bring their own libraries: there the test is reported as skipped.
if(TARGET assay)
  add_test(NAME static_test
           COMMAND ${CMAKE_COMMAND} -DBINARY=$<TARGET_FILE:assay> -DSANITIZE=${ASSAY_SANITIZE}
                   -P ${PROJECT_SOURCE_DIR}/cmake/CheckStatic.cmake)
  set_tests_properties(static_test PROPERTIES SKIP_REGULAR_EXPRESSION "skipped: sanitizers")
endif()
# The check must be able to fail: cmake itself is linked against much more than glibc.
add_test(NAME static_selftest
         COMMAND ${CMAKE_COMMAND} -DBINARY=${CMAKE_COMMAND} -DSANITIZE=
                 -P ${PROJECT_SOURCE_DIR}/cmake/CheckStatic.cmake)
set_tests_properties(static_selftest PROPERTIES PASS_REGULAR_EXPRESSION "also needs lib")
