// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/watch.hpp"

#include <algorithm>
#include <utility>

namespace assay::probe::nvml {
namespace {

using metric::Id;
using sample::Reading;
using sample::Reason;
using sample::Source;

constexpr std::size_t kFirstCapacity = 128;  // an H100 keeps 120 utilization samples
constexpr int kMostTries = 4;
constexpr int kMostEvents = 32;  // an Xid storm must not keep the lane
constexpr int kRoundsUntilResync = 2;

// Calls f(buffer, count) with a buffer that grows as the driver asks.
template <typename T, typename F>
Return grow_and_read(std::vector<T>& buffer, unsigned& count, F f) {
  if (buffer.empty()) buffer.resize(kFirstCapacity);
  Return code = Return::insufficient_size;
  for (int tries = 0; tries < kMostTries && code == Return::insufficient_size; ++tries) {
    count = 0;
    code = f(std::span<T>(buffer), count);
    if (code == Return::insufficient_size)
      buffer.resize(std::max(std::size_t{count}, 2 * buffer.size()));
  }
  count = std::min(count, static_cast<unsigned>(buffer.size()));
  return code;
}

}  // namespace

void BufferReader::Cursor::advance(std::uint64_t to_us, std::int64_t now_ns) {
  newest_us = to_us;
  at_ns = now_ns;
  empty_rounds = 0;
}

// Nothing new twice in a row: the host's clock may have been set back, so start over.
void BufferReader::Cursor::nothing_new() {
  if (++empty_rounds >= kRoundsUntilResync) *this = Cursor();
}

Seconds BufferReader::learn_span(std::vector<std::uint64_t> times_us) {
  if (times_us.empty()) return Seconds(0);
  std::ranges::sort(times_us);
  std::vector<std::uint64_t> gaps;
  for (std::size_t i = 1; i < times_us.size(); ++i)
    if (times_us[i] > times_us[i - 1]) gaps.push_back(times_us[i] - times_us[i - 1]);
  if (!gaps.empty()) {
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::ranges::nth_element(gaps, middle);
    sampling_period_ = Seconds(static_cast<double>(*middle) * 1e-6);
  }
  const Seconds between(static_cast<double>(times_us.back() - times_us.front()) * 1e-6);
  if (sampling_period_ > Seconds(0)) return between + sampling_period_;
  if (samples_at_.newest_us == 0) return Seconds(0);
  // One sample a round so far: it is over the time since the one before.
  return Seconds(static_cast<double>(times_us.back() - samples_at_.newest_us) * 1e-6);
}

void BufferReader::utilization(Line& line, Entries& out) {
  const auto unknown = [&](Reason reason) { out.unknown<Id::gpu_util_samples>(reason); };
  const std::int64_t now = line.now_ns();
  unsigned count = 0;
  const Return code = grow_and_read(samples_, count, [&](auto buffer, unsigned& n) {
    return line.run(Call::utilization_samples, [&](Nvml& nvml, Device device) {
      return nvml.utilization_samples(device, samples_at_.newest_us, buffer, n);
    });
  });
  if (code != Return::success && code != Return::not_found) return unknown(reason_of(code));
  std::vector<std::uint64_t> times_us;
  double sum = 0;
  double used = 0;
  std::uint32_t most = 0;
  std::uint64_t newest = samples_at_.newest_us;
  covered_.reset();
  for (unsigned i = 0; code == Return::success && i < count; ++i) {
    const abi::UtilizationSample& entry = samples_[i];
    if (entry.timestamp_us <= samples_at_.newest_us) continue;
    newest = std::max(newest, entry.timestamp_us);
    times_us.push_back(entry.timestamp_us);
    sum += entry.value.as_u32;
    most = std::max(most, entry.value.as_u32);
    used += 1;
  }
  const Seconds span = learn_span(std::move(times_us));
  if (used == 0) {
    // Of a buffer that is empty altogether, all that comes is newer than this.
    if (samples_at_.newest_us == 0 && !samples_at_.at_ns) samples_at_.at_ns = now;
    else samples_at_.nothing_new();
    return unknown(Reason::no_new_data);
  }
  const bool first = !samples_at_.at_ns.has_value();
  const Seconds asked(first ? 0.0 : static_cast<double>(now - *samples_at_.at_ns) * 1e-9);
  samples_at_.advance(newest, now);
  if (first) return unknown(Reason::first_sample);
  covered_ = span;
  const double mean = Ratio::percent(sum / used).value();
  if (most > 100)
    out.add(Id::gpu_util_samples,
            Reading<double>::invalid(mean, Reason::out_of_range, Source::nvml, span));
  else if (covers(asked)) out.measured<Id::gpu_util_samples>(Ratio::fraction(mean), span);
  else
    out.add(Id::gpu_util_samples,
            Reading<double>::estimated(mean, Reason::sampled, Source::nvml, span));
}

// The first and the last sample may each be cut by the moments at which the driver was asked.
bool BufferReader::covers(Seconds asked) const {
  return covered_ && *covered_ + sampling_period_ * 2 >= asked;
}

BufferReader::Shares BufferReader::process_shares(Line& line) {
  Shares shares;
  const std::int64_t now = line.now_ns();
  unsigned count = 0;
  const Return code = grow_and_read(processes_, count, [&](auto buffer, unsigned& n) {
    return line.run(Call::process_utilization, [&](Nvml& nvml, Device device) {
      return nvml.process_utilization(device, processes_at_.newest_us, buffer, n);
    });
  });
  shares.reason = reason_of(code);
  if (code == Return::not_found) processes_at_.nothing_new();
  if (code != Return::success) return shares;

  struct Sum {
    double percent = 0;
    double entries = 0;
  };
  std::unordered_map<std::int64_t, Sum> sums;
  std::uint64_t newest = processes_at_.newest_us;
  for (unsigned i = 0; i < count; ++i) {
    const abi::ProcessUtilization& entry = processes_[i];
    // Some drivers leave entries unwritten or stale: only what is newer and possible counts.
    if (entry.timestamp_us <= processes_at_.newest_us || entry.sm > 100) continue;
    newest = std::max(newest, entry.timestamp_us);
    Sum& sum = sums[entry.pid];
    sum.percent += entry.sm;
    sum.entries += 1;
  }
  if (sums.empty()) {
    processes_at_.nothing_new();
    shares.reason = Reason::no_new_data;
    return shares;
  }
  const auto before = processes_at_.at_ns;
  processes_at_.advance(newest, now);
  const Seconds asked(before ? static_cast<double>(now - *before) * 1e-9 : 0.0);
  for (const auto& [pid, sum] : sums) {
    const Ratio share = Ratio::percent(sum.percent / sum.entries);
    shares.by_pid[pid] =
        before && covers(asked)
            ? Reading<Ratio>::measured(share, Source::nvml, asked)
            : Reading<Ratio>::estimated(share, Reason::sampled, Source::nvml,
                                        before && covered_ ? *covered_ : Seconds(0));
  }
  return shares;
}

std::vector<std::uint64_t> XidWatch::read(Line& line, Entries& out) {
  std::vector<std::uint64_t> seen;
  if (set_ == nullptr && !refused_) {
    Return code = line.run(Call::event_set_create,
                           [&](Nvml& nvml, Device) { return nvml.event_set_create(set_); });
    if (code == Return::success)
      code = line.run(Call::event_register, [&](Nvml& nvml, Device device) {
        return nvml.event_register(device, abi::kEventXid, set_);
      });
    if (code != Return::success) {
      release(line);
      refused_ = code;
    }
  }
  if (refused_) {
    out.unknown<Id::last_xid>(reason_of(*refused_));
    return seen;
  }
  Return code = Return::success;
  for (int i = 0; i < kMostEvents && code == Return::success; ++i) {
    abi::EventData event{};
    code = line.run(Call::event_wait,
                    [&](Nvml& nvml, Device) { return nvml.event_wait(set_, event); });
    if (code == Return::success && event.type == abi::kEventXid) seen.push_back(event.data);
  }
  if (!seen.empty()) last_ = seen.back();
  if (last_) out.measured<Id::last_xid>(Count(static_cast<double>(*last_)));
  else
    out.unknown<Id::last_xid>(
        code == Return::timeout || code == Return::success ? Reason::no_new_data : reason_of(code));
  return seen;
}

void XidWatch::release(Line& line) {
  if (set_ != nullptr)
    line.run(Call::event_set_free, [&](Nvml& nvml, Device) { return nvml.event_set_free(set_); });
  set_ = nullptr;
  refused_.reset();
}

}  // namespace assay::probe::nvml
