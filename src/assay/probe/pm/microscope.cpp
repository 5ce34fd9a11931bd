// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/microscope.hpp"

#include <time.h>

#include <algorithm>
#include <string>

#include "assay/probe/pm/refusal.hpp"
#include "assay/probe/pm/session.hpp"
#include "assay/probe/pm/watch.hpp"

namespace assay::probe::pm {
namespace {

constexpr std::size_t kMiB = 1048576;
// The device writes one record a counter unit and tick; on GH100 with all channels that is some
// 20 KiB a tick. A stream is read many times a second; the buffer holds a second of it.
constexpr std::size_t kStreamBuffer = 256 * kMiB;
constexpr std::size_t kBurstBuffer = 512 * kMiB;
// Until a burst looks whether it was stopped.
constexpr Seconds kLongestPause{50e-3};
// That evaluate, of a stream those ticks with which fetching falls behind: a tick of all channels
// takes half to three quarters of 100 us to fetch and a third to half of them to evaluate.
constexpr int kThreads = 2;

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

void nap_until(double time) {
  if (const double left = time - monotonic_now(); left > 0) nap(Seconds(left));
}

}  // namespace

Microscope::Microscope(std::unique_ptr<Session> session) : session_(std::move(session)) {}
Microscope::Microscope(Microscope&&) noexcept = default;
Microscope::~Microscope() = default;

std::span<const Column> Microscope::columns() const { return session_->columns(); }

std::string Microscope::name() const { return board_name(session_->setup().device); }

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
  auto session =
      std::make_unique<Session>(library, setup, chip, image, std::move(columns), std::move(config));
  TRY(session->hold());
  return Microscope(std::move(session));
}

Result<sample::Losses> Microscope::burst(Seconds length, const Stopped& stopped, const Take& take) {
  Watch watch(*session_, take, length, false);
  TRY(watch.check_room());
  TRY(watch.start(kBurstBuffer, kThreads));
  const double end = monotonic_now() + length.value();
  for (double left = length.value(); left > 0 && !stopped(); left = end - monotonic_now())
    nap(Seconds(std::min(left, kLongestPause.value())));
  const bool early = stopped();
  TRY(watch.stop());
  TRY(watch.fetch());
  return watch.end(early);
}

Result<sample::Losses> Microscope::stream(Seconds length, const Stopped& stopped,
                                          const Take& take) {
  Watch watch(*session_, take, length, true);
  TRY(watch.start(kStreamBuffer, kThreads));
  const double end = monotonic_now() + length.value();
  bool early = false;
  double due = monotonic_now();
  for (bool running = true; running && !watch.over();) {
    due = std::max(due + watch.pause().value(), monotonic_now());
    early = stopped();
    running = !early && monotonic_now() < end;
    if (running) nap_until(std::min(due, end));
    else TRY(watch.stop());
    TRY(watch.fetch());
  }
  return watch.end(early);
}

}  // namespace assay::probe::pm
