// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assay/catalog/chip.hpp"
#include "assay/cli/style.hpp"

namespace assay::cli {

// The text wrapped, the address after it; one too wide for its line stands on its own with no
// indent and is never broken.
std::string cited(std::string_view text, std::string_view url, int width, int indent);

// Numbers the sources of a picture in the order of their first use, each once, however many chips
// name it.
class Footnotes {
 public:
  // "[3]"; the number of this source at this confidence.
  std::string mark(const catalog::Source& source, catalog::Confidence confidence);
  // "[1] title, date (partial) url", a line or more each; empty where nothing was marked.
  [[nodiscard]] std::string text(const Style& style) const;

 private:
  struct Note {
    catalog::Source source;
    catalog::Confidence confidence;
  };
  std::vector<Note> notes_;
};

}  // namespace assay::cli
