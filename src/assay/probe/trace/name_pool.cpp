// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/name_pool.hpp"

namespace assay::probe::trace {

std::uint32_t NamePool::intern(std::string_view name) {
  if (name.empty()) return kNone;
  std::string text(name);
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (names_.size() == kMostNames) return kOther;
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.push_back(text);
  numbers_.emplace(std::move(text), number);
  return number;
}

}  // namespace assay::probe::trace
