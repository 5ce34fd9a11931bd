// SPDX-License-Identifier: Apache-2.0
#include "truth/record_check.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "assay/cli/snapshot_json.hpp"
#include "assay/store/recorder.hpp"
#include "assay/store/recording.hpp"

namespace assay::test {
namespace {

using sample::Reading;
using sample::Snapshot;

// As documented in store/precision.hpp; values are rounded twice, first to whole units and then to
// steps, so both errors add up. One part in 10^12 is for the arithmetic.
double precision(metric::Unit unit, double value) {
  const double size = std::abs(value);
  const double rounding = size * 1e-12;
  switch (unit) {
    case metric::Unit::ratio: return 5e-8 + std::min(6.4e-6, 1.3e-4 * size) + rounding;
    case metric::Unit::bytes_per_second: return 0.5 + 1.3e-4 * size + rounding;
    case metric::Unit::watts:
    case metric::Unit::celsius: return 5e-4 + rounding;
    case metric::Unit::joules: return 5e-3 + rounding;
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
  verdict.require(was.at == is.at && was.presence == is.presence && was.trouble == is.trouble,
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
    verdict.near(b->memory.value().value_or(Bytes(-1)).value(),
                 a.memory.value().value_or(Bytes(-1)).value(), 0,
                 "memory of a process from the file");
    verdict.near(b->time_share.value().value_or(Ratio::fraction(-1)).value(),
                 a.time_share.value().value_or(Ratio::fraction(-1)).value(), 6.5e-6,
                 "share of a process from the file");
  }
}

// The JSON holds the readings to the digit, null for what is unknown, and parts that sum to 1.
void check_json(const Snapshot& snapshot, Verdict& verdict) {
  cli::AppraisedSnapshot appraised{snapshot.at, snapshot.origin, snapshot.self, {}};
  for (const sample::DeviceSample& device : snapshot.devices)
    appraised.devices.push_back(cli::appraise(device, {}));
  const auto json = nlohmann::json::parse(cli::snapshot_json(appraised), nullptr, false);
  if (!json.is_object()) return verdict.wrong("the JSON does not parse");
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i) {
    const auto& device = json["devices"][i];
    double sum = 0;
    for (const auto& part : device["losses"])
      if (part.is_number()) sum += part.get<double>();
    verdict.near(sum, 1, 1e-9, "the sum of the losses in JSON");
    for (const metric::Def& def : metric::all()) {
      const Reading<double>& reading = snapshot.devices[i].sample.at_id(def.id);
      const auto it = device["readings"].find(std::string(def.name));
      if (it == device["readings"].end()) continue;
      const auto& value = (*it)["value"];
      if (reading.value())
        verdict.near(value.is_number() ? value.get<double>() : NAN, *reading.value(), 0,
                     fmt::format("{} in JSON", def.name));
      else
        verdict.require(value.is_null() || !reading.usable(), fmt::format("{} in JSON", def.name));
    }
  }
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

Status replay(const std::filesystem::path& path, const std::vector<Snapshot>& snapshots,
              Verdict& verdict) {
  TRY_ASSIGN(auto recording, store::Recording::open(path));
  store::Cursor cursor = recording.cursor();
  for (const Snapshot& was : snapshots) {
    TRY_ASSIGN(const auto is, cursor.next());
    if (!is || is->devices.size() != was.devices.size()) {
      verdict.wrong("the recording ends early or has lost a device");
      return {};
    }
    // By index: a device that could be opened only later is another to the file, after the others.
    for (const sample::DeviceSample& device : was.devices) {
      const auto same = [&](const sample::DeviceSample& d) {
        return d.facts.index == device.facts.index;
      };
      const auto found = std::ranges::find_if(is->devices, same);
      if (found == is->devices.end()) verdict.wrong("a device is lost in the file");
      else check_sample(device.sample, found->sample, verdict);
    }
    check_json(was, verdict);
    check_json(*is, verdict);
  }
  verdict.require(recording.salvage_notes().empty(), "the recording is damaged");
  return {};
}

}  // namespace

void check_record(std::uint64_t seed, const std::vector<Snapshot>& snapshots, Verdict& verdict) {
  if (snapshots.empty()) return;
  const auto path = std::filesystem::temp_directory_path() /
                    fmt::format("assay-truth-{}-{}.assay", ::getpid(), seed);
  std::filesystem::remove(path);
  verdict.set_place("recording");
  if (const Status done = record(path, snapshots); !done) verdict.wrong(done.error().message);
  else if (const Status read = replay(path, snapshots, verdict); !read)
    verdict.wrong(read.error().message);
  std::filesystem::remove(path);
}

}  // namespace assay::test
