# SPDX-License-Identifier: Apache-2.0
# assay_embed(<target> <namespace> <root> <files...>): compiles files into <target> as one table of
# {path relative to root, bytes}: the header "<target>_embedded.hpp" declares
# assay::<namespace>::embedded_files(). The assembler's .incbin copies bytes as they are, so a
# megabyte costs no compile time.
function(assay_embed target namespace root)
  set(files ${ARGN})
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded)
  set(decls "")
  set(rows "")
  set(index 0)
  foreach(file IN LISTS files)
    file(RELATIVE_PATH relative ${root} ${file})
    set(symbol ${target}_blob_${index})
    string(APPEND decls
           "__asm__(\".section .rodata\\n.balign 16\\n.global ${symbol}\\n${symbol}:\\n"
           ".incbin \\\"${file}\\\"\\n.global ${symbol}_end\\n${symbol}_end:\\n.byte 0\\n"
           ".previous\\n\");\n"
           "extern \"C\" const char ${symbol}[];\nextern \"C\" const char ${symbol}_end[];\n")
    string(APPEND rows "    {\"${relative}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - "
                       "${symbol})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  file(CONFIGURE OUTPUT ${out}.hpp @ONLY CONTENT [[
#pragma once
#include <span>
#include <string_view>
namespace assay::@namespace@ {
struct EmbeddedFile {
  std::string_view path;
  std::string_view bytes;
};
// Sorted by path. The bytes live as long as the program.
std::span<const EmbeddedFile> embedded_files();
}  // namespace assay::@namespace@
]])
  file(CONFIGURE OUTPUT ${out}.cpp @ONLY CONTENT [[
#include "@target@_embedded.hpp"
#include <array>
#include <cstddef>
@decls@
namespace assay::@namespace@ {
std::span<const EmbeddedFile> embedded_files() {
  static const std::array<EmbeddedFile, @index@> kFiles = {{
@rows@  }};
  return kFiles;
}
}  // namespace assay::@namespace@
]])
  set_source_files_properties(${out}.cpp PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${target} PRIVATE ${out}.cpp)
  target_include_directories(${target} PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
