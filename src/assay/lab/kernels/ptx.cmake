# SPDX-License-Identifier: Apache-2.0
# cmake -DMODE=generate -DNVCC=<nvcc> -DSOURCE=<x.cu> -DOUT=<x.ptx> -P ptx.cmake   compiles one file
# cmake -DMODE=check -DFOLDER=<kernels> -P ptx.cmake   fails where a kept .ptx is older than its .cu
#
# The PTX is labelled with the SHA-256 of what it was made from (common.cuh and the .cu), which is
# compared in place of the text: the text differs from one nvcc to the next.
cmake_minimum_required(VERSION 3.25)

function(source_sha256 source out)
  get_filename_component(folder ${source} DIRECTORY)
  file(READ ${folder}/common.cuh common)
  file(READ ${source} text)
  string(SHA256 hash "${common}${text}")
  set(${out} ${hash} PARENT_SCOPE)
endfunction()

function(generate)
  get_filename_component(name ${SOURCE} NAME_WE)
  # compute_75 is the oldest that nvcc 13 knows; bf16 products need compute_80.
  set(arch compute_75)
  if(name STREQUAL "mma")
    set(arch compute_80)
  endif()
  execute_process(COMMAND ${NVCC} -ptx -arch=${arch} -O3 -std=c++17 -o ${OUT}.raw ${SOURCE}
                          COMMAND_ERROR_IS_FATAL ANY)
  file(READ ${OUT}.raw text)
  file(REMOVE ${OUT}.raw)
  # Nothing here is newer than PTX ISA 7.0 (CUDA 11.0), and ptxas refuses a file that uses more than
  # it declares: with nvcc's own label, drivers older than the toolkit would not load it.
  string(REGEX REPLACE "\n\\.version [0-9.]+" "\n.version 7.0" text "${text}")
  source_sha256(${SOURCE} hash)
  string(CONCAT head "// SPDX-License-Identifier: Apache-2.0\n"
                "// Generated from ${name}.cu by the build target `ptx`. Do not edit.\n"
                "// source-sha256: ${hash}\n")
  file(WRITE ${OUT} "${head}${text}")
endfunction()

function(check)
  file(GLOB sources ${FOLDER}/*.cu)
  if(NOT sources)
    message(FATAL_ERROR "no .cu files in ${FOLDER}")
  endif()
  foreach(source IN LISTS sources)
    string(REGEX REPLACE "\\.cu$" ".ptx" ptx ${source})
    source_sha256(${source} hash)
    if(NOT EXISTS ${ptx})
      message(SEND_ERROR "${ptx} is missing: run `make ptx` on a machine with nvcc and commit it")
      continue()
    endif()
    file(STRINGS ${ptx} label REGEX "^// source-sha256: " LIMIT_COUNT 1)
    if(NOT label STREQUAL "// source-sha256: ${hash}")
      message(SEND_ERROR "${ptx} was not made from the present ${source} (or common.cuh): "
                         "run `make ptx` on a machine with nvcc and commit the result")
    endif()
  endforeach()
endfunction()

if(MODE STREQUAL "generate")
  generate()
elseif(MODE STREQUAL "check")
  check()
else()
  message(FATAL_ERROR "MODE must be generate or check")
endif()
