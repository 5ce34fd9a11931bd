// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_page.hpp"

#include <vector>

#include "assay_cause_pages_embedded.hpp"
#include "assay_web_page_embedded.hpp"

namespace assay::cli {

std::span<const serve::EmbeddedFile> serve_page() {
  static const std::vector<serve::EmbeddedFile> kFiles = [] {
    std::vector<serve::EmbeddedFile> files;
    for (const auto& file : web_page::embedded_files()) files.push_back({file.path, file.bytes});
    for (const auto& file : cause_pages::embedded_files()) files.push_back({file.path, file.bytes});
    return files;
  }();
  return kFiles;
}

}  // namespace assay::cli
