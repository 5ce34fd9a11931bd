// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/proc_names.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace assay::probe::nvml {
namespace {

constexpr std::int64_t kCheckEvery = 5'000'000'000;
constexpr std::size_t kLongestName = 64;

// The first 512 bytes of a file, "" if it can't be read.
std::string head_of(const std::string& path) {
  std::array<char, 512> buffer;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  const ssize_t got = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

// The 22nd field, counted after the command's closing bracket (a command may hold blanks).
std::string start_time(const std::string& stat) {
  const std::size_t bracket = stat.rfind(')');
  if (bracket == std::string::npos) return {};
  std::size_t at = bracket + 1;
  for (int field = 2; field < 22; ++field) {
    at = stat.find(' ', at);
    if (at == std::string::npos) return {};
    ++at;
  }
  return stat.substr(at, stat.find(' ', at) - at);
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kLongestName));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  return out;
}

std::string executable_name(const std::string& folder) {
  const std::string command = head_of(folder + "/cmdline");
  std::string_view first(command.c_str());
  if (const std::size_t slash = first.rfind('/'); slash != std::string_view::npos)
    first.remove_prefix(slash + 1);
  if (!first.empty()) return printable(first);
  const std::string comm = head_of(folder + "/comm");
  return printable(std::string_view(comm).substr(0, comm.find('\n')));
}

}  // namespace

const std::string& ProcNames::name(std::int64_t pid, std::int64_t now_ns) {
  const auto [it, is_new] = known_.try_emplace(pid);
  Known& known = it->second;
  known.used = true;
  if (!is_new && now_ns - known.checked_ns < kCheckEvery) return known.name;
  known.checked_ns = now_ns;
  const std::string folder = fmt::format("{}/{}", proc_, pid);
  const std::string started = start_time(head_of(folder + "/stat"));
  if (is_new || started != known.started) {
    known.started = started;
    known.name = started.empty() ? std::string() : executable_name(folder);
  }
  return known.name;
}

void ProcNames::forget_unused() {
  std::erase_if(known_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [pid, known] : known_) known.used = false;
}

}  // namespace assay::probe::nvml
