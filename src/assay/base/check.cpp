// SPDX-License-Identifier: Apache-2.0
#include "assay/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace assay {

void check_failed(std::string_view condition, std::string_view file, int line) {
  std::fprintf(stderr, "assay: bug: CHECK(%.*s) failed at %.*s:%d; please report this line\n",
               static_cast<int>(condition.size()), condition.data(), static_cast<int>(file.size()),
               file.data(), line);
  std::abort();
}

}  // namespace assay
