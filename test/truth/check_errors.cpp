// SPDX-License-Identifier: Apache-2.0
#include "truth/check_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "truth/check_buffers.hpp"

namespace assay::test {
namespace {

// Longer than between two looks of the slow lane.
constexpr std::int64_t kSoon = 16'000'000'000;

struct Told {
  std::int64_t at_ns = 0;
  int xid = 0;
  double within = 0;  // seconds
};

std::vector<Told> told_of(std::span<const sample::Event> events, int device,
                          const VirtualClock& clock, Verdict& verdict) {
  std::vector<Told> out;
  for (const sample::Event& event : events) {
    if (event.kind != "xid" || event.device != device) continue;
    Told told{.at_ns = clock.time_of(event.at.unix_ns)};
    const int read = std::sscanf(event.text.c_str(), "the driver reported Xid %d, at most %lf s",
                                 &told.xid, &told.within);
    verdict.require(read == 2, "an Xid's event does not say which, and how late it is");
    out.push_back(told);
  }
  return out;
}

void check_count(const Case& at, metric::Id id, std::uint64_t sim::Moment::* member,
                 Verdict& verdict) {
  const auto value = at.sample.at_id(id).value();
  if (!value || at.rigour.delays) return;
  const CallEntry* entry = last_success(at, Call::ecc_errors);
  const std::string_view name = metric::to_string(id);
  if (entry == nullptr) return verdict.wrong(fmt::format("{} comes out of nothing", name));
  verdict.near(*value, static_cast<double>(at.ground.at(entry->at_ns).moment.*member), 0, name);
  check_present(at, *entry, name, verdict);
}

}  // namespace

void check_errors(const Case& at, Verdict& verdict) {
  check_count(at, metric::Id::ecc_corrected, &sim::Moment::ecc_corrected, verdict);
  check_count(at, metric::Id::ecc_uncorrected, &sim::Moment::ecc_uncorrected, verdict);
  const auto xid = at.sample.at_id(metric::Id::last_xid).value();
  if (!xid) return;
  verdict.require(std::ranges::any_of(at.ground.log(),
                                      [&](const sim::LogEntry& entry) {
                                        return entry.kind == sim::EventKind::xid &&
                                               entry.at_ns <= at.at_ns && entry.value == *xid;
                                      }),
                  fmt::format("Xid {} comes out of nothing", *xid));
}

void check_xids(const Ground& ground, const std::vector<CallEntry>& calls, int device,
                std::span<const sample::Event> events, const VirtualClock& clock,
                Verdict& verdict) {
  std::int64_t from = -1;
  std::int64_t to = -1;
  for (const CallEntry& call : calls) {
    if (call.call == Call::event_register && call.code == Return::success && from < 0)
      from = call.at_ns;
    if (call.call == Call::event_wait) to = std::max(to, call.at_ns);
    if (call.code == Return::driver_not_loaded || call.code == Return::uninitialized) return;
  }
  std::vector<Told> told = told_of(events, device, clock, verdict);
  for (const sim::LogEntry& entry : ground.log()) {
    if (entry.kind != sim::EventKind::xid || from < 0) continue;
    if (entry.at_ns <= from || entry.at_ns > to) continue;
    const auto it = std::ranges::find_if(told, [&](const Told& t) {
      return t.xid == static_cast<int>(entry.value) && t.at_ns >= entry.at_ns;
    });
    if (it == told.end()) {
      verdict.wrong(fmt::format("Xid {} is not reported", entry.value));
      continue;
    }
    const std::int64_t late = it->at_ns - entry.at_ns;
    verdict.require(late <= kSoon && static_cast<double>(late) * 1e-9 <= it->within + 1e-9,
                    fmt::format("Xid {} is reported {} ns late, at most {} s by its own word",
                                entry.value, late, it->within));
    told.erase(it);
  }
  verdict.require(told.empty(), "an Xid is reported that never was");
}

}  // namespace assay::test
