// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/owner/parse.hpp"

#include <algorithm>
#include <charconv>

namespace assay::probe::owner {
namespace {

constexpr std::size_t kContainerDigits = 64;
constexpr std::size_t kShownDigits = 12;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <typename Accept>
std::string_view run_of(std::string_view text, Accept accept) {
  const auto end = std::ranges::find_if_not(text, accept);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

template <typename Visit>
void for_each_part(std::string_view text, char separator, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// "docker-<64 digits>.scope", "<64 digits>", "cri-containerd-<64 digits>"
std::string_view container_in(std::string_view part) {
  if (part.ends_with(".scope")) part.remove_suffix(6);
  if (const std::size_t dash = part.rfind('-'); dash != std::string_view::npos)
    part.remove_prefix(dash + 1);
  const bool whole = part.size() == kContainerDigits && std::ranges::all_of(part, is_hex);
  return whole ? part.substr(0, kShownDigits) : std::string_view();
}

// "pod<uid>", "kubepods-burstable-pod<uid with _ for ->.slice"
std::string pod_in(std::string_view part) {
  if (part.ends_with(".slice")) part.remove_suffix(6);
  std::size_t at = part.starts_with("pod") ? 0 : part.find("-pod");
  if (at == std::string_view::npos) return {};
  at += at == 0 ? 3 : 4;
  std::string uid(
      run_of(part.substr(at), [](char c) { return is_hex(c) || c == '-' || c == '_'; }));
  if (uid.size() < 32 || at + uid.size() != part.size()) return {};
  std::ranges::replace(uid, '_', '-');
  return uid;
}

}  // namespace

std::optional<std::uint32_t> user_id(std::string_view status) {
  std::optional<std::uint32_t> found;
  for_each_part(status, '\n', [&](std::string_view line) {
    if (found || !line.starts_with("Uid:")) return;
    line.remove_prefix(4);
    line.remove_prefix(std::min(line.find_first_of("0123456789"), line.size()));
    std::uint32_t id = 0;
    if (std::from_chars(line.data(), line.data() + line.size(), id).ec == std::errc()) found = id;
  });
  return found;
}

std::string command_line(std::string_view cmdline) {
  while (!cmdline.empty() && cmdline.back() == '\0') cmdline.remove_suffix(1);
  std::string out(cmdline);
  std::ranges::replace(out, '\0', ' ');
  return out;
}

std::string start_time(std::string_view stat) {
  // Counted after the command's closing bracket: a command may hold blanks and brackets.
  std::size_t at = stat.rfind(')');
  if (at == std::string_view::npos) return {};
  stat.remove_prefix(at + 1);
  int field = 2;
  std::string found;
  for_each_part(stat.substr(std::min<std::size_t>(1, stat.size())), ' ',
                [&](std::string_view part) {
                  if (++field == 22) found = run_of(part, is_digit);
                });
  return found;
}

Cgroup cgroup(std::string_view text) {
  Cgroup found;
  for_each_part(text, '\n', [&](std::string_view line) {
    bool slurm = false;
    for_each_part(line, '/', [&](std::string_view part) {
      slurm = slurm || part.find("slurm") != std::string_view::npos;
      if (const auto id = container_in(part); !id.empty()) found.container = id;
      if (std::string uid = pod_in(part); !uid.empty()) found.pod_uid = std::move(uid);
      if (slurm && part.starts_with("job_"))
        if (const auto id = run_of(part.substr(4), is_digit); !id.empty()) found.slurm_job = id;
    });
  });
  return found;
}

std::optional<std::string> variable(std::string_view environ, std::string_view name) {
  std::optional<std::string> found;
  for_each_part(environ, '\0', [&](std::string_view entry) {
    if (!found && entry.size() > name.size() && entry.starts_with(name) &&
        entry[name.size()] == '=')
      found = std::string(entry.substr(name.size() + 1));
  });
  return found;
}

}  // namespace assay::probe::owner
