// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/driver_names.hpp"

namespace assay::probe::nvml {
namespace {

constexpr std::int64_t kAskAgain = 5'000'000'000;
constexpr std::size_t kLongestName = 64;

}  // namespace

std::string short_name(std::string_view text) {
  if (text.starts_with('/')) {
    text = text.substr(0, text.find(' '));
    text.remove_prefix(text.rfind('/') + 1);
  }
  std::string out(text.substr(0, kLongestName));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return out;
}

const std::string& DriverNames::name(std::int64_t pid, Line& line) {
  const auto [it, is_new] = known_.try_emplace(pid);
  Known& known = it->second;
  known.used = true;
  if (!is_new && (!known.name.empty() || line.now_ns() - known.asked_ns < kAskAgain))
    return known.name;
  known.asked_ns = line.now_ns();
  std::string text;
  const Return code = line.run(Call::process_name,
                               [&](Nvml& nvml, Device) { return nvml.process_name(pid, text); });
  if (code == Return::success) known.name = short_name(text);
  return known.name;
}

void DriverNames::forget_unused() {
  std::erase_if(known_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [pid, known] : known_) known.used = false;
}

}  // namespace assay::probe::nvml
