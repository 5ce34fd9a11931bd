// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/microscope.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>

#include "assay/probe/pm/refusal.hpp"
#include "assay/probe/pm/session.hpp"

namespace assay::probe::pm {
namespace {

constexpr std::size_t kMiB = 1048576;
// The device writes one record a counter unit and tick; on GH100 with all channels that is some
// 20 KiB a tick. Streams are read many times a second and need little.
constexpr std::size_t kStreamBuffer = 64 * kMiB;
constexpr std::size_t kBurstBuffer = 512 * kMiB;
constexpr Seconds kNap{2e-3};

Result<std::string> chip_name(const Library& library, int device) {
  abi::ChipNameParams params;
  params.device = static_cast<std::size_t>(device);
  const abi::Code code = library.call().chip_name(&params);
  if (code != abi::kSuccess)
    return refusal(code, "naming the chip of device " + std::to_string(device));
  return std::string(params.chip);
}

Result<std::vector<std::uint8_t>> availability(const Library& library, int device) {
  abi::AvailabilityParams params;
  params.device = static_cast<std::size_t>(device);
  if (const abi::Code code = library.call().availability(&params); code != abi::kSuccess)
    return refusal(code, "asking which counters are free");
  std::vector<std::uint8_t> image(params.bytes);
  params.image = image.data();
  if (const abi::Code code = library.call().availability(&params); code != abi::kSuccess)
    return refusal(code, "asking which counters are free");
  return image;
}

void nap(Seconds length) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(length.value());
  time.tv_nsec = static_cast<long>((length.value() - static_cast<double>(time.tv_sec)) * 1e9);
  nanosleep(&time, nullptr);
}

double now() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Ticks that the hardware took between two that arrived.
std::int64_t gap_between(const sample::Tick& a, const sample::Tick& b, Seconds interval) {
  const double missing = static_cast<double>(b.begin_ns - a.end_ns) * 1e-9 / interval.value();
  return missing < 0.5 ? 0 : std::llround(missing);
}

std::int64_t missing_from(std::span<const sample::Tick> ticks, Seconds interval) {
  std::int64_t lost = 0;
  for (std::size_t i = 1; i < ticks.size(); ++i)
    lost += gap_between(ticks[i - 1], ticks[i], interval);
  return lost;
}

// Ticks that a full buffer kept out: what is missing at the end of the time that was asked for.
std::int64_t missing_after(std::span<const sample::Tick> ticks, Seconds length, Seconds interval) {
  const double seen =
      ticks.empty() ? 0 : static_cast<double>(ticks.back().end_ns - ticks.front().begin_ns) * 1e-9;
  return std::max<std::int64_t>(1, std::llround((length.value() - seen) / interval.value()));
}

// By more than a few ticks at either end, which start and stop cost.
bool span_is_short(std::span<const sample::Tick> ticks, Seconds length, Seconds interval) {
  return missing_after(ticks, length, interval) > 4;
}

}  // namespace

Microscope::Microscope(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Microscope::Microscope(Microscope&&) noexcept = default;
Microscope::~Microscope() = default;

std::span<const Column> Microscope::columns() const { return session_->columns(); }

Result<Microscope> Microscope::open(std::shared_ptr<const Library> library, const Setup& setup) {
  TRY(start_driver());
  library->initialize();
  TRY_ASSIGN(const std::string chip, chip_name(*library, setup.device));
  TRY_ASSIGN(const std::vector<std::uint8_t> image, availability(*library, setup.device));
  TRY_ASSIGN(std::vector<Column> columns, choose_for(library, chip, image, setup.wanted));
  TRY_ASSIGN(Host host, Host::make(library, chip, image));
  std::vector<std::string> names;
  for (const Column& column : columns) names.push_back(column.metric);
  TRY(host.add(names));
  TRY_ASSIGN(std::vector<std::uint8_t> config, host.config_image());
  auto session = std::make_unique<Session>(library, setup, std::move(columns), std::move(host));
  session->config() = std::move(config);
  TRY(session->hold());
  return Microscope(std::move(session));
}

Result<sample::Timeline> Microscope::burst(Seconds length, const std::function<bool()>& stopped) {
  TRY(session_->configure(session_->config(), kBurstBuffer));
  TRY(session_->start());
  const double end = now() + length.value();
  for (double left = length.value(); left > 0 && !stopped(); left = end - now())
    nap(Seconds(std::min(left, 0.05)));
  sample::Timeline timeline;
  timeline.interval = session_->setup().interval;
  for (const Column& column : columns()) timeline.channels.push_back(column.channel);
  // Read before it is stopped: what a stopped device has left over one batch is not given out.
  TRY_ASSIGN(const bool overflow, session_->read(timeline.ticks, length));
  TRY(session_->stop());
  // The first tick began before the counters were all running.
  if (!timeline.ticks.empty()) timeline.ticks.erase(timeline.ticks.begin());
  const bool ended_early = stopped();
  timeline.lost = missing_from(timeline.ticks, timeline.interval);
  if (!ended_early && (overflow || span_is_short(timeline.ticks, length, timeline.interval)))
    timeline.lost += missing_after(timeline.ticks, length, timeline.interval);
  return timeline;
}

Result<std::int64_t> Microscope::stream(
    Seconds length, const std::function<bool()>& stopped,
    const std::function<void(std::span<const sample::Tick>)>& take) {
  TRY(session_->configure(session_->config(), kStreamBuffer));
  TRY(session_->start());
  const double begin = now();
  std::int64_t lost = 0;
  std::vector<sample::Tick> ticks;
  std::optional<sample::Tick> first;
  sample::Tick last;
  for (bool running = true; running;) {
    running = now() - begin < length.value() && !stopped();
    if (running) nap(kNap);
    else TRY(session_->stop());
    ticks.clear();
    TRY_ASSIGN(const bool overflow, session_->read(ticks, length));
    if (overflow && first) {
      // The device's buffer has run over and takes no more: what it would have taken is lost.
      const std::array<sample::Tick, 2> seen = {*first, last};
      return lost + missing_after(seen, Seconds(now() - begin), session_->setup().interval);
    }
    if (ticks.empty()) continue;
    std::span<const sample::Tick> fresh = ticks;
    if (!first) fresh = fresh.subspan(1);  // as in burst()
    else lost += gap_between(last, ticks.front(), session_->setup().interval);
    if (!first) first = ticks.front();
    last = ticks.back();
    lost += missing_from(fresh, session_->setup().interval);
    take(fresh);
  }
  return lost;
}

}  // namespace assay::probe::pm
