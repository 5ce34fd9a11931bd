// SPDX-License-Identifier: Apache-2.0
#include "truth/record_check.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "assay/store/recorder.hpp"
#include "assay/store/recording.hpp"
#include "assay/wire/snapshot_json.hpp"
#include "truth/json_check.hpp"

namespace assay::test {
namespace {

using sample::Reading;
using sample::Snapshot;

// The worst of store/precision.hpp for what a rung is made of: a rate of a link at its peak.
constexpr double kLadder = 4.9e-4;

// As documented in store/precision.hpp; values are rounded twice, first to whole units and then to
// steps, so both errors add up. One part in 10^12 is for the arithmetic.
double precision(metric::Unit unit, double value) {
  const double size = std::abs(value);
  const double rounding = size * 1e-12;
  switch (unit) {
    case metric::Unit::ratio: return 5e-8 + std::min(5.12e-5, 2.45e-4 * size) + rounding;
    case metric::Unit::bytes_per_second: return 0.5 + 4.9e-4 * size + rounding;
    case metric::Unit::watts: return 5e-4 + 2.45e-4 * size + rounding;
    case metric::Unit::celsius: return 5e-4 + rounding;
    case metric::Unit::joules: return 5e-2 + rounding;
    case metric::Unit::hertz: return 0.5 + rounding;
    case metric::Unit::bytes:
    case metric::Unit::count: break;
  }
  return 0;
}

void check_reading(const metric::Def& def, const Reading<double>& was, const Reading<double>& is,
                   Verdict& verdict) {
  const bool same = was.state() == is.state() && was.reason() == is.reason() &&
                    was.source() == is.source() && was.raw().has_value() == is.raw().has_value();
  verdict.require(same, fmt::format("{} comes back in another state", def.name));
  if (was.raw() && is.raw() && std::isfinite(*was.raw()))
    verdict.near(*is.raw(), *was.raw(), precision(def.unit, *was.raw()),
                 fmt::format("{} from the file", def.name));
  verdict.near(is.window().value(), was.window().value(), 1e-6, "a window from the file");
}

void check_sample(const sample::Sample& was, const sample::Sample& is, Verdict& verdict) {
  for (const metric::Def& def : metric::all())
    check_reading(def, was.at_id(def.id), is.at_id(def.id), verdict);
  verdict.require(std::abs(was.at.unix_ns - is.at.unix_ns) < 1000 && was.presence == is.presence &&
                      was.trouble == is.trouble,
                  "time, presence or trouble come back differently");
  verdict.require(
      was.processes_reason == is.processes_reason && was.processes.size() == is.processes.size(),
      "the process list comes back differently");
  // By pid: a file keeps them in the order in which they came.
  for (const sample::Process& a : was.processes) {
    const auto b = std::ranges::find(is.processes, a.pid, &sample::Process::pid);
    if (b == is.processes.end()) {
      verdict.wrong(fmt::format("process {} is lost in the file", a.pid));
      continue;
    }
    verdict.require(a.name == b->name && a.compute == b->compute,
                    "a process comes back as another");
    verdict.require(a.memory.state() == b->memory.state() &&
                        a.memory.reason() == b->memory.reason() &&
                        a.time_share.state() == b->time_share.state() &&
                        a.time_share.reason() == b->time_share.reason(),
                    "a process comes back in another state");
    verdict.near(b->memory.value().value_or(Bytes(-1)).value(),
                 a.memory.value().value_or(Bytes(-1)).value(), 0,
                 "memory of a process from the file");
    verdict.near(b->time_share.value().value_or(Ratio::fraction(-1)).value(),
                 a.time_share.value().value_or(Ratio::fraction(-1)).value(), 6.5e-6,
                 "share of a process from the file");
  }
}

appraise::AppraisedSnapshot appraise(const Snapshot& snapshot, const Boards* boards) {
  appraise::AppraisedSnapshot out{snapshot.at, snapshot.origin, snapshot.self, {}};
  for (const sample::DeviceSample& device : snapshot.devices) {
    const auto index = static_cast<std::size_t>(device.facts.index);
    out.devices.push_back(appraise::appraise(
        device, boards == nullptr ? appraise::BoardKnowledge{} : boards->at(index)));
  }
  return out;
}

// The line of a snapshot whose boards are known; without price it must not make one up.
std::string printed(const Snapshot& snapshot, const Boards& boards, Verdict& verdict) {
  const appraise::AppraisedSnapshot nameless = appraise(snapshot, nullptr);
  check_json(wire::snapshot_json(nameless), nameless, verdict);
  const appraise::AppraisedSnapshot appraised = appraise(snapshot, &boards);
  std::string line = wire::snapshot_json(appraised);
  check_json(line, appraised, verdict);
  return line;
}

// Rungs and dollars that are reckoned from the file are those of the meter, which check_ladder has
// held against the simulator.
void check_appraisal(const appraise::Appraisal& was, const appraise::Appraisal& is,
                     Verdict& verdict) {
  const auto near = [&](auto before, auto after, double scale, std::string_view name) {
    if (!before) return;  // one that was unknown can become a full one by rounding
    verdict.near(after ? after->value() : NAN, before->value(), kLadder * scale,
                 fmt::format("{} from the file", name));
  };
  near(was.ladder.held.value(), is.ladder.held.value(), 1, "held");
  near(was.ladder.busy.value(), is.ladder.busy.value(), 1, "busy");
  near(was.ladder.sm_active.value(), is.ladder.sm_active.value(), 1, "SM active");
  near(was.ladder.sol.value.value(), is.ladder.sol.value.value(), 1, "speed of light");
  verdict.require(was.cost.lost_at_least.has_value() || !is.cost.lost_at_least,
                  "dollars come out of the file alone");
  if (was.cost.per_hour)
    near(was.cost.lost, is.cost.lost, was.cost.per_hour->value(), "dollars lost an hour");
}

Status record(const std::filesystem::path& path, const std::vector<Snapshot>& snapshots) {
  std::vector<sample::DeviceFacts> facts;
  for (const auto& device : snapshots.front().devices) facts.push_back(device.facts);
  store::RecorderOptions options;
  options.windows_per_segment = 2;
  options.sync_segments = false;
  TRY_ASSIGN(auto recorder,
             store::Recorder::create(path, {}, snapshots.front().origin, facts, options));
  for (const Snapshot& snapshot : snapshots) TRY(recorder->add(snapshot));
  return recorder->finish();
}

Result<std::vector<std::string>> replay(const std::filesystem::path& path,
                                        const std::vector<Snapshot>& snapshots,
                                        const Boards& boards, Verdict& verdict) {
  std::vector<std::string> lines;
  TRY_ASSIGN(auto recording, store::Recording::open(path));
  store::Cursor cursor = recording.cursor();
  for (const Snapshot& was : snapshots) {
    TRY_ASSIGN(const auto is, cursor.next());
    if (!is || is->devices.size() != was.devices.size()) {
      verdict.wrong("the recording ends early or has lost a device");
      return lines;
    }
    // By index: a device that could be opened only later is another to the file, after the others.
    for (const sample::DeviceSample& device : was.devices) {
      const auto same = [&](const sample::DeviceSample& d) {
        return d.facts.index == device.facts.index;
      };
      const auto found = std::ranges::find_if(is->devices, same);
      if (found == is->devices.end()) {
        verdict.wrong("a device is lost in the file");
        continue;
      }
      check_sample(device.sample, found->sample, verdict);
      const auto& board = boards.at(static_cast<std::size_t>(device.facts.index));
      check_appraisal(appraise::appraise(device, board), appraise::appraise(*found, board),
                      verdict);
    }
    printed(was, boards, verdict);
    lines.push_back(printed(*is, boards, verdict));
  }
  verdict.require(recording.salvage_notes().empty(), "the recording is damaged");
  return lines;
}

}  // namespace

std::vector<std::string> check_record(std::uint64_t seed, const std::vector<Snapshot>& snapshots,
                                      const Boards& boards, Verdict& verdict) {
  if (snapshots.empty()) return {};
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("assay-truth-{}-{}.assay", ::getpid(), seed);
  std::filesystem::remove(path);
  verdict.set_place("recording");
  std::vector<std::string> lines;
  if (const Status done = record(path, snapshots); !done) {
    verdict.wrong(done.error().message);
  } else if (auto read = replay(path, snapshots, boards, verdict); !read) {
    verdict.wrong(read.error().message);
  } else {
    lines = *std::move(read);
  }
  std::filesystem::remove(path);
  return lines;
}

}  // namespace assay::test
