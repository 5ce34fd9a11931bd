# SPDX-License-Identifier: Apache-2.0
# Debian's -dev packages, linked statically. Headers are SYSTEM so that our -Werror skips them.
find_package(Threads REQUIRED)

function(assay_static_library target archive)
  find_library(${target}_archive ${archive} REQUIRED)
  add_library(${target} STATIC IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${${target}_archive})
endfunction()

assay_static_library(assay_sqlite3 libsqlite3.a)
target_link_libraries(assay_sqlite3 INTERFACE m Threads::Threads ${CMAKE_DL_LIBS})
assay_static_library(assay_zstd libzstd.a)
assay_static_library(assay_snappy libsnappy.a)
assay_static_library(assay_crypto libcrypto.a)
target_link_libraries(assay_crypto INTERFACE Threads::Threads ${CMAKE_DL_LIBS})
assay_static_library(assay_openssl libssl.a)
target_link_libraries(assay_openssl INTERFACE assay_crypto)

# Debian ships {fmt} as headers and a shared object only: src/third_party/fmt.cpp compiles it once.
add_library(assay_fmt STATIC ${PROJECT_SOURCE_DIR}/src/third_party/fmt.cpp)
target_compile_features(assay_fmt PUBLIC cxx_std_23)

if(ASSAY_TESTS)
  find_package(GTest REQUIRED)
  assay_static_library(assay_rapidcheck librapidcheck.a)
endif()
