// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/completion.hpp"

namespace assay::cli {

std::vector<std::string> ValueWords::of(const OptionSpec& option) const {
  switch (option.kind) {
    case ValueKind::choice: return option.choices;
    case ValueKind::recording: return recordings;
    case ValueKind::scenario: return scenarios;
    case ValueKind::chip: return chips;
    case ValueKind::model: return models;
    case ValueKind::kernel: return kernels;
    case ValueKind::none:
    case ValueKind::text:
    case ValueKind::file:
    case ValueKind::folder:
    case ValueKind::command: break;
  }
  return {};
}

bool takes_files(ValueKind kind) {
  return kind == ValueKind::file || kind == ValueKind::folder || kind == ValueKind::recording ||
         kind == ValueKind::scenario || kind == ValueKind::model;
}

}  // namespace assay::cli
