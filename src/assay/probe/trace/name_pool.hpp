// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::probe::trace {

// Kernel names by number: equal names of all processes share one. Holds kMostNames at most; all
// others are kOther.
class NamePool {
 public:
  static constexpr std::size_t kMostNames = 65536;
  static constexpr std::uint32_t kNone = 0;
  static constexpr std::uint32_t kOther = 1;

  NamePool() : names_{"", "(other kernels)"} {}
  std::uint32_t intern(std::string_view name);
  [[nodiscard]] const std::string& at(std::uint32_t number) const { return names_.at(number); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace assay::probe::trace
