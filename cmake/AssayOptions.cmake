# SPDX-License-Identifier: Apache-2.0
# Flags of our own code, as an INTERFACE target: third-party headers never see our warnings.
add_library(assay_options INTERFACE)
target_compile_features(assay_options INTERFACE cxx_std_23)
# g++ 12 cries wolf at -O3: -Wrestrict at "text" + std::string (GCC bug 105651), which is left out
# below, and -Wnull-dereference at std::vector::back, which is not asked for.
target_compile_options(
  assay_options
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
            -Wold-style-cast -Woverloaded-virtual -Wno-missing-field-initializers $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
            -Werror
            -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE}
                                                 -fno-omit-frame-pointer -g)
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
else()
  # One file that runs on any newer Linux: only glibc stays shared.
  target_link_options(assay_options INTERFACE -static-libstdc++ -static-libgcc)
endif()
