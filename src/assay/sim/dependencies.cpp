// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/dependencies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace assay::sim {
namespace {

using Dependency = OpSpec::Dependency;

std::optional<Dependency> find_op(const ProcessSpec& process, const std::vector<StreamText>& texts,
                                  std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto stream = std::ranges::find(process.streams, path.substr(0, dot), &StreamSpec::name);
  if (stream == process.streams.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(stream - process.streams.begin());
  const std::string_view name = path.substr(dot + 1);
  const auto op = std::ranges::find(texts[at].ops, name, &OpText::name);
  if (name.empty() || op == texts[at].ops.end()) return std::nullopt;
  return Dependency{at, static_cast<std::size_t>(op - texts[at].ops.begin())};
}

bool end_together(const StreamSpec& a, const StreamSpec& b) {
  return a.start_ns == b.start_ns && a.stop_ns == b.stop_ns && a.repeat == b.repeat;
}

void resolve_op(ProcessSpec& process, const std::vector<StreamText>& texts, std::size_t stream,
                std::size_t op, text::Problems& problems) {
  const OpText& text = texts[stream].ops[op];
  for (const std::string& path : text.after) {
    const auto found = find_op(process, texts, path);
    if (!found) {
      problems.add(text.line, fmt::format("after = \"{}\" names no op of this process: write "
                                          "\"stream.op\", with the names of both",
                                          text::quoted(path)));
      continue;
    }
    if (!end_together(process.streams[stream], process.streams[found->stream])) {
      problems.add(text.line, fmt::format("after = \"{}\": streams that wait for each other need "
                                          "the same start_s, stop_s and repeat",
                                          text::quoted(path)));
    }
    process.streams[stream].ops[op].after.push_back(*found);
    auto& dependents = process.streams[found->stream].dependents;
    const bool known = std::ranges::find(dependents, stream) != dependents.end();
    if (found->stream != stream && !known) dependents.push_back(stream);
  }
}

// Runs through one iteration as if each op took no time; what is left over waits for itself.
void report_cycle(const ProcessSpec& process, const std::vector<StreamText>& texts,
                  text::Problems& problems) {
  std::vector<std::size_t> at(process.streams.size(), 0);
  bool moved = true;
  const auto ready = [&](std::size_t stream) {
    if (at[stream] >= process.streams[stream].ops.size()) return false;
    return std::ranges::all_of(process.streams[stream].ops[at[stream]].after,
                               [&](const Dependency& need) { return at[need.stream] > need.op; });
  };
  while (moved) {
    moved = false;
    for (std::size_t stream = 0; stream < at.size(); ++stream) {
      while (ready(stream)) {
        ++at[stream];
        moved = true;
      }
    }
  }
  for (std::size_t stream = 0; stream < at.size(); ++stream) {
    if (at[stream] >= process.streams[stream].ops.size()) continue;
    const OpText& stuck = texts[stream].ops[at[stream]];
    problems.add(stuck.line,
                 fmt::format("a cycle of dependencies: this op of stream \"{}\" waits for \"{}\", "
                             "which can't end before it starts: break the cycle",
                             process.streams[stream].name, text::quoted(stuck.after.front())));
    return;
  }
}

}  // namespace

void resolve_dependencies(ProcessSpec& process, const std::vector<StreamText>& texts,
                          text::Problems& problems) {
  for (std::size_t i = 0; i < process.streams.size(); ++i) {
    const auto same = [&](const StreamSpec& other) {
      return other.name == process.streams[i].name;
    };
    const auto first = std::ranges::find_if(process.streams, same);
    if (first != process.streams.begin() + static_cast<std::ptrdiff_t>(i)) {
      problems.add(texts[i].line, fmt::format("stream \"{}\" is there twice in this process: "
                                              "rename one",
                                              process.streams[i].name));
    }
    for (std::size_t op = 0; op < process.streams[i].ops.size(); ++op) {
      resolve_op(process, texts, i, op, problems);
    }
  }
  report_cycle(process, texts, problems);
}

}  // namespace assay::sim
