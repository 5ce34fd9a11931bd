// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/kernel_name.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

namespace assay::cli {

std::string demangled(const std::string& name) {
  if (name.empty()) return "(no name)";
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && text ? std::string(text.get()) : name;
}

std::string short_name(const std::string& name) {
  std::string full = demangled(name);
  if (name.empty() || name.front() == '(') return full;  // one of our own: "(graph 3)"
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < full.size(); ++i) {
    // "(anonymous namespace)" is part of a path, not the list of arguments.
    if (full.compare(i, 12, "(anonymous n") == 0) {
      i = full.find(')', i) + 2;
      continue;
    }
    if (full[i] == '<') ++depth;
    if (depth == 0 && full[i] == '(') break;
    if (depth == 0) out += full[i];
    if (full[i] == '>' && depth > 0) --depth;
  }
  if (out.starts_with("void ")) out.erase(0, 5);
  return out.empty() ? full : out;
}

std::string json_escaped(const std::string& text) {
  using Json = nlohmann::json;
  const std::string quoted = Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace assay::cli
