# SPDX-License-Identifier: Apache-2.0
# FTXUI's screen and dom from its source (scripts/fetch_ftxui.sh puts it there), as one static library
# with warnings off: what our views draw with and no more. Its interactive part is left out: the
# terminal is ours (cli/terminal.hpp says why). Without the source there is no `assay top`.
set(ASSAY_FTXUI_SOURCE ${PROJECT_SOURCE_DIR}/.cache/ftxui-5.0.0
    CACHE PATH "FTXUI 5.0.0's source; where it is missing, the program is built without `top`")
if(NOT EXISTS ${ASSAY_FTXUI_SOURCE}/include/ftxui/dom/elements.hpp)
  message(NOTICE "assay top is left out: no source of FTXUI in ${ASSAY_FTXUI_SOURCE} "
                 "(scripts/fetch_ftxui.sh .cache)")
  return()
endif()

set(screen box color color_info screen string terminal)
set(dom bold border box_helper clear_under color composite_decorator dbox dim flex hbox inverted node
        node_decorator reflect separator size text underlined util vbox)
list(TRANSFORM screen PREPEND ${ASSAY_FTXUI_SOURCE}/src/ftxui/screen/)
list(TRANSFORM dom PREPEND ${ASSAY_FTXUI_SOURCE}/src/ftxui/dom/)
set(sources ${screen} ${dom})
list(TRANSFORM sources APPEND .cpp)
add_library(assay_ftxui STATIC ${sources})
target_compile_features(assay_ftxui PRIVATE cxx_std_20)
target_compile_options(assay_ftxui PRIVATE -w)
target_include_directories(assay_ftxui PRIVATE ${ASSAY_FTXUI_SOURCE}/src)
target_include_directories(assay_ftxui SYSTEM PUBLIC ${ASSAY_FTXUI_SOURCE}/include)
