// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/nvml/gpm.hpp"

#include <algorithm>

#include "assay/probe/nvml/sampler.hpp"

namespace assay::probe::nvml {
namespace {

using sample::Reading;
using sample::Reason;
using sample::Source;

constexpr int kFirstWithGpm = 9;  // compute capability of Hopper
// A driver refuses a whole call for one id beyond its own table, so each family that came with a
// later NVML is asked for by itself while the device is being discovered.
constexpr std::array<std::uint32_t, 3> kFamilies = {60, 100, 160};
constexpr std::size_t kCoreFamily = 0;

// GRAPHICS_UTIL alone costs 1.44 ms of CPU a call on an H100 with driver 580 (it asks the GPU's
// firmware), the 180 other metrics 4 us together: once a second it would be over the whole budget.
// GPU-Util, which is cheap, says the same over the driver's own period in between.
constexpr std::uint32_t kDearMetric = 1;
constexpr std::int64_t kDearEvery = 30'000'000'000;

std::size_t family(std::uint32_t id) {
  return static_cast<std::size_t>(
      std::ranges::count_if(kFamilies, [id](auto f) { return id >= f; }));
}

abi::GpmMetric question(const GpmRow& row) {
  abi::GpmMetric metric{};
  metric.id = row.id;
  metric.result = Return::no_data;
  return metric;
}

}  // namespace

void GpmReader::all(Reason reason, Seconds window, Entries& out) const {
  for (const GpmRow& row : gpm_rows()) {
    const bool offered = !discovered_ || std::ranges::find(offered_, &row) != offered_.end();
    out.add(row.metric, Reading<double>::unknown(offered ? reason : Reason::not_supported,
                                                 Source::gpm, window));
  }
}

Return GpmReader::ensure_ready(Line& line) {
  if (!support_) {
    bool supported = false;
    const Return code = line.run(Call::gpm_support, [&](Nvml& nvml, Device device) {
      return nvml.gpm_support(device, supported);
    });
    if (code == Return::success) support_ = supported ? Return::success : Return::not_supported;
    else if (code == Return::not_supported || code == Return::function_not_found) support_ = code;
    else return code;
  }
  if (*support_ != Return::success) return *support_;
  for (abi::GpmSampleHandle& handle : samples_) {
    if (handle != nullptr) continue;
    const Return code = line.run(Call::gpm_sample_alloc,
                                 [&](Nvml& nvml, Device) { return nvml.gpm_sample_alloc(handle); });
    if (code != Return::success) return code;
  }
  return Return::success;
}

void GpmReader::read(Line& line, int cc_major, Entries& out) {
  if (const Return ready = ensure_ready(line); ready != Return::success) {
    const bool never = support_ && *support_ != Return::success;
    const bool old_chip =
        ready == Return::not_supported || (cc_major > 0 && cc_major < kFirstWithGpm);
    all(never && old_chip ? Reason::no_gpm : reason_of(ready), Seconds(0), out);
    return;
  }
  const std::int64_t now = line.now_ns();
  const Seconds window(taken_ns_ ? static_cast<double>(now - *taken_ns_) * 1e-9 : 0.0);
  if (taken_ns_ && window < kShortestWindow) return all(Reason::no_new_data, window, out);

  const Return code = line.run(Call::gpm_sample_get, [&](Nvml& nvml, Device device) {
    return nvml.gpm_sample_get(device, samples_[next_]);
  });
  if (code != Return::success) return all(reason_of(code), window, out);
  const bool first = !taken_ns_.has_value();
  taken_ns_ = now;
  next_ = 1 - next_;  // the sample just taken is now at 1 - next_, the one before it at next_
  if (first) {
    discover_early(line);
    return all(Reason::first_sample, Seconds(0), out);
  }
  metrics(line, window, out);
}

Return GpmReader::ask(Line& line, Pair pair, std::size_t first, std::size_t count) {
  const std::span<abi::GpmMetric> part(answers_.data() + first, count);
  return line.run(Call::gpm_metrics_get, [&](Nvml& nvml, Device) {
    return nvml.gpm_metrics_get(pair.earlier, pair.later, part);
  });
}

// While the first window runs and nobody waits: finding out what is offered takes some 10 ms, which
// would otherwise come on top of that window. Where it fails, the end of the window tries again.
void GpmReader::discover_early(Line& line) {
  const Pair pair{samples_[1 - next_], samples_[next_]};
  const Return code = line.run(Call::gpm_sample_get, [&](Nvml& nvml, Device device) {
    return nvml.gpm_sample_get(device, pair.later);
  });
  if (code == Return::success) discover(line, pair);
}

// Asks for every known metric, family by family, and leaves the offered ones with their answers.
Return GpmReader::discover(Line& line, Pair pair) {
  offered_.clear();
  answers_.clear();
  for (const GpmRow& row : gpm_rows()) {
    offered_.push_back(&row);
    answers_.push_back(question(row));
  }
  for (std::size_t first = 0; first < answers_.size();) {
    const std::size_t group = family(answers_[first].id);
    std::size_t end = first;
    while (end < answers_.size() && family(answers_[end].id) == group) ++end;
    const Return code = ask(line, pair, first, end - first);
    const bool too_new = code == Return::invalid_argument || code == Return::not_supported;
    if (code != Return::success && (group == kCoreFamily || !too_new)) return code;
    if (code != Return::success)
      for (std::size_t i = first; i < end; ++i) answers_[i].result = Return::not_supported;
    first = end;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < answers_.size(); ++i) {
    const Return result = answers_[i].result;
    if (result == Return::not_supported || result == Return::invalid_argument) continue;
    offered_[kept] = offered_[i];
    answers_[kept++] = answers_[i];
  }
  offered_.resize(kept);
  answers_.resize(kept);
  discovered_ = true;
  return Return::success;
}

void GpmReader::metrics(Line& line, Seconds window, Entries& out) {
  Return code = Return::success;
  std::size_t first = 0;  // of answers_ that this window asked for
  const Pair pair{samples_[next_], samples_[1 - next_]};
  const bool dear = !dear_asked_ns_ || line.now_ns() - *dear_asked_ns_ >= kDearEvery;
  if (!discovered_) {
    code = discover(line, pair);
  } else {
    for (std::size_t i = 0; i < answers_.size(); ++i) answers_[i] = question(*offered_[i]);
    if (!dear && !offered_.empty() && offered_[0]->id == kDearMetric) first = 1;
    code = answers_.size() <= first ? Return::success
                                    : ask(line, pair, first, answers_.size() - first);
    if (first == 0) dear_asked_ns_ = line.now_ns();
  }
  if (code != Return::success) return all(reason_of(code), window, out);
  if (is_same_refresh(std::span(answers_).subspan(first)))
    return all(Reason::no_new_data, window, out);
  std::size_t i = 0;
  for (const GpmRow& row : gpm_rows()) {
    if (i < offered_.size() && offered_[i] == &row) {
      out.add(row.metric, i < first
                              ? Reading<double>::unknown(Reason::not_read, Source::gpm, window)
                              : gpm_reading(row, answers_[i].result, answers_[i].value, window));
      ++i;
    } else {
      out.add(row.metric, Reading<double>::unknown(Reason::not_supported, Source::gpm, window));
    }
  }
}

void GpmReader::release(Line& line) {
  for (abi::GpmSampleHandle& handle : samples_) {
    if (handle == nullptr) continue;
    line.run(Call::gpm_sample_free,
             [&](Nvml& nvml, Device) { return nvml.gpm_sample_free(handle); });
    handle = nullptr;
  }
  *this = GpmReader();
}

}  // namespace assay::probe::nvml
