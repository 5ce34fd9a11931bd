# SPDX-License-Identifier: Apache-2.0
# cmake -DCXX=g++ -DFILE=case.cpp -DINCLUDE=src -P try.cmake: passes if FILE does not compile as it
# is and compiles with -DASSAY_FIXED.
get_filename_component(name ${FILE} NAME)
set(compile ${CXX} -std=c++23 -fsyntax-only -Wall -Wextra -Werror -I${INCLUDE} ${FILE})

execute_process(COMMAND ${compile} -DASSAY_FIXED RESULT_VARIABLE fixed ERROR_VARIABLE why)
if(NOT fixed EQUAL 0)
  message(FATAL_ERROR "${name}: does not compile even with the mistake mended:\n${why}")
endif()

execute_process(COMMAND ${compile} RESULT_VARIABLE mistaken ERROR_VARIABLE why)
if(mistaken EQUAL 0)
  message(FATAL_ERROR "${name}: the mistake compiles, and should not")
endif()
if(NOT why MATCHES "${name}:[0-9:]+ error:")
  message(FATAL_ERROR "${name}: fails elsewhere than at the mistake:\n${why}")
endif()
