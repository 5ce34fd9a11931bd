// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/process_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "assay/sim/dependencies.hpp"
#include "assay/sim/number.hpp"
#include "assay/text/nearest.hpp"

namespace assay::sim {
namespace {

using text::TomlNode;
using text::TomlTable;

constexpr double kMega = 1e6;
constexpr std::size_t kMostOps = 4096;
constexpr double kMostTimes = 4096;  // more is what iterations are for
constexpr std::size_t kMostStreams = 64;
constexpr std::size_t kMostProcesses = 64;
// From the launch of a small kernel to its first warp the front end is busy: GPU-Util of 87 % and
// 0.085 % SM active at 300,000 launches a second on an H100 (`assay lab`, tiny kernels).
constexpr std::int64_t kLaunchNs = 2'500;

struct CopyWord {
  std::string_view word;
  CopyKind kind;
  catalog::LinkRole link;
};
constexpr std::array<CopyWord, 4> kCopies{{
    {"h2d", CopyKind::h2d, catalog::LinkRole::host},
    {"d2h", CopyKind::d2h, catalog::LinkRole::host},
    {"nvlink-in", CopyKind::nvlink_in, catalog::LinkRole::scale_up},
    {"nvlink-out", CopyKind::nvlink_out, catalog::LinkRole::scale_up},
}};

void read_copy(TomlTable& table, std::string_view word, const DevicePlan& plan, OpSpec& op) {
  const auto* found = std::ranges::find(kCopies, word, &CopyWord::word);
  if (found == kCopies.end()) {
    table.problem_here(
        fmt::format("copy \"{}\" is none of h2d, d2h, nvlink-in, nvlink-out", text::quoted(word)));
    return;
  }
  if (plan.chip.link(found->link) == nullptr) {
    table.problem_here(fmt::format("copy \"{}\" needs a link that the catalog does not know of {}",
                                   word, plan.chip.id));
  }
  op.kind = OpSpec::Kind::copy;
  op.copy = found->kind;
  const auto mb = number(table, "mb", {1e-6, 1e9});
  if (!mb) table.problem_here("a copy needs mb, its size in 10^6 bytes: add it");
  op.bytes = mb.value_or(1) * kMega;
}

void read_launch(TomlTable& table, std::string_view name, KernelShelf& shelf, DevicePlan& plan,
                 text::Problems& problems, OpSpec& op) {
  op.kind = OpSpec::Kind::kernel;
  op.launch_ns = microseconds(table, "launch_us").value_or(kLaunchNs);
  const auto found = shelf.take(name, plan, problems);
  if (found) {
    op.kernel = *found;
    return;
  }
  const auto guess = text::nearest_of(name, shelf.names(), 1);
  table.problem_here(
      fmt::format("no [[kernel]] is called \"{}\"{}", text::quoted(name),
                  guess.empty() ? ": add one" : fmt::format(": did you mean \"{}\"?", guess[0])));
}

OpSpec read_op(const TomlNode& node, KernelShelf& shelf, DevicePlan& plan, text::Problems& problems,
               OpText& text) {
  TomlTable table(node, "op of [[device.process.stream]]", problems);
  OpSpec op;
  text.line = node.line;
  text.name = table.text("name");
  text.after = table.texts("after");
  const std::string kernel = table.text("kernel");
  const std::string copy = table.text("copy");
  op.gap_ns = microseconds(table, "gap_us").value_or(0);
  op.times = whole(table, "times", {1, kMostTimes}).value_or(1);
  if (!kernel.empty() && !copy.empty()) {
    table.problem_here("an op is a kernel or a copy, not both: make two of it");
  } else if (!kernel.empty()) {
    read_launch(table, kernel, shelf, plan, problems, op);
  } else if (!copy.empty()) {
    read_copy(table, copy, plan, op);
  } else if (op.gap_ns == 0) {
    table.problem_here("an op needs a kernel, a copy or a gap_us: add one");
  }
  table.finish();
  return op;
}

StreamSpec read_stream(const TomlNode& node, const ProcessSpec& process, KernelShelf& shelf,
                       DevicePlan& plan, text::Problems& problems, StreamText& text) {
  TomlTable table(node, "[[device.process.stream]]", problems);
  StreamSpec out;
  text.line = node.line;
  out.name = table.need_text("name");
  out.start_ns = seconds(table, "start_s").value_or(process.start_ns);
  out.stop_ns = seconds(table, "stop_s").value_or(process.stop_ns);
  out.repeat = whole(table, "repeat", {0, 1e15}).value_or(0);
  out.jitter = number(table, "jitter", {0, 0.9}).value_or(0);
  if (out.start_ns < process.start_ns || out.stop_ns > process.stop_ns) {
    table.problem_here("a stream lives within its process: move its start_s or stop_s");
  } else if (out.stop_ns <= out.start_ns) {
    table.problem_here("stop_s must be after start_s");
  }
  const std::vector<const TomlNode*> ops = table.tables("op");
  if (ops.empty() || ops.size() > kMostOps) {
    table.problem_here(
        fmt::format("a stream needs 1 to {} ops: op = [{{ kernel = \"...\" }}]", kMostOps));
  }
  for (const TomlNode* op : ops) {
    if (out.ops.size() >= kMostOps) break;
    out.ops.push_back(read_op(*op, shelf, plan, problems, text.ops.emplace_back()));
  }
  table.finish();
  return out;
}

ProcessSpec read_process(const TomlNode& node, std::size_t index, KernelShelf& shelf,
                         DevicePlan& plan, text::Problems& problems) {
  constexpr std::int64_t kFirstPid = 4001;
  TomlTable table(node, "[[device.process]]", problems);
  ProcessSpec out;
  out.name = table.need_text("name");
  out.pid =
      whole(table, "pid", {1, 4194304}).value_or(kFirstPid + static_cast<std::int64_t>(index));
  out.memory = mib(number(table, "memory_mib", {0, 1e8}).value_or(0));
  out.start_ns = seconds(table, "start_s").value_or(0);
  out.stop_ns = seconds(table, "stop_s").value_or(kNever);
  if (out.stop_ns <= out.start_ns) table.problem_here("stop_s must be after start_s");
  const std::vector<const TomlNode*> streams = table.tables("stream");
  std::vector<StreamText> texts;
  if (streams.size() > kMostStreams) {
    table.problem_here(fmt::format("more than {} streams: make fewer", kMostStreams));
  }
  for (const TomlNode* stream : streams) {
    if (out.streams.size() >= kMostStreams) break;
    out.streams.push_back(read_stream(*stream, out, shelf, plan, problems, texts.emplace_back()));
  }
  resolve_dependencies(out, texts, problems);
  table.finish();
  return out;
}

}  // namespace

std::optional<std::size_t> KernelShelf::take(std::string_view name, DevicePlan& plan,
                                             text::Problems& problems) {
  const auto found = std::ranges::find(texts_, name, &KernelText::name);
  if (found == texts_.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(found - texts_.begin());
  used_[at] = true;
  if (!in_plan_[at]) {
    in_plan_[at] = plan.kernels.size();
    plan.kernels.push_back(resolve(*found, plan, problems));
  }
  return in_plan_[at];
}

std::vector<std::string> KernelShelf::names() const {
  std::vector<std::string> out;
  out.reserve(texts_.size());
  for (const KernelText& text : texts_) out.push_back(text.name);
  return out;
}

void KernelShelf::report_unused(text::Problems& problems) const {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    if (used_[i]) continue;
    problems.add(texts_[i].line, fmt::format("no stream runs kernel \"{}\": remove it",
                                             text::quoted(texts_[i].name)));
  }
}

void read_processes(TomlTable& device, KernelShelf& shelf, DevicePlan& plan,
                    text::Problems& problems) {
  const std::vector<const TomlNode*> nodes = device.tables("process");
  if (nodes.size() > kMostProcesses) {
    device.problem_here(fmt::format("more than {} processes: make fewer", kMostProcesses));
    return;
  }
  for (const TomlNode* node : nodes) {
    ProcessSpec process = read_process(*node, plan.processes.size(), shelf, plan, problems);
    if (std::ranges::find(plan.processes, process.pid, &ProcessSpec::pid) != plan.processes.end()) {
      problems.add(node->line,
                   fmt::format("pid {} is there twice on this device: change one", process.pid));
    }
    plan.processes.push_back(std::move(process));
  }
}

}  // namespace assay::sim
