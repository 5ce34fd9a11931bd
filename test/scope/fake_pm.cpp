// SPDX-License-Identifier: Apache-2.0
// PM sampling without a GPU: the part of CUPTI's ABI that the microscope uses, over a device that
// follows the clock. What CUPTI 13.0 was seen to do on an H200 it does too: the first tick after a
// start begins long before it; decoding ends within a tick, and the next one adds the rest to it if
// it is there; counter data that fills up loses what the device holds beyond; a full buffer takes
// no more, and then the counters must be given back before a start works again.
// Set from the environment:
//   FAKE_PM_CHIP=GH100  FAKE_PM_REFUSE=CODE (of enabling)  FAKE_PM_LOG=FILE (enable, disable, ...)
//   FAKE_PM_DUTY=PERIOD_NS,ON_NS,FILL (SM active)  FAKE_PM_BUFFER=TICKS  FAKE_PM_EVALUATE_US=N
//   FAKE_PM_DECODE_US=N (a tick)  FAKE_PM_AGAIN=N (each Nth decoding gives out the one before
//   again) FAKE_PM_TICK_BYTES=N (of counter data) FAKE_PM_ENDS=1 (no start works after a full
//   buffer)  FAKE_PM_UNLIKE=1 (ranges of counter data that differ)
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#include "assay/probe/pm/cupti_abi.hpp"

namespace abi = assay::probe::pm::abi;

struct abi::HostObject {
  std::size_t metrics = 0;
};
struct abi::SamplingObject {
  std::uint64_t interval = 0;
  std::uint64_t next = 0;    // begin of the next tick to be given out
  std::uint64_t before = 0;  // `next` when it was last asked
  std::uint64_t stopped = 0;
  std::uint64_t asked = 0;
  bool fresh = false;
  bool begun = false;  // the next tick was given out in part
  bool ran_over = false;
};

namespace {

constexpr std::size_t kMostMetrics = 13;
constexpr int kUnknown = 999;  // CUPTI_ERROR_UNKNOWN
constexpr std::uint64_t kEpoch = 1'795'926'203'000'000'000;

abi::SamplingObject device;

// A range of counter data.
struct Slot {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  double counts = 0;  // the share of its counters that came
};
// Its head.
struct Image {
  std::uint64_t capacity;
  std::uint64_t populated;
  std::uint64_t completed;
};
// Of a tick's counters, what decoding gets before it ends.
constexpr double kBegun = 0.93;

const char* setting(const char* name, const char* otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : text;
}
std::uint64_t number(const char* name, const char* otherwise) {
  return std::strtoull(setting(name, otherwise), nullptr, 10);
}

// As on GH100 with all channels.
std::size_t tick_bytes() { return number("FAKE_PM_TICK_BYTES", "47193"); }

// Ranges lie where they come, on no boundary.
Slot slot(const void* image, std::uint64_t index) {
  Slot out;
  std::memcpy(&out, static_cast<const char*>(image) + sizeof(Image) + index * tick_bytes(),
              sizeof out);
  return out;
}
void put(void* image, std::uint64_t index, const Slot& slot) {
  std::memcpy(static_cast<char*>(image) + sizeof(Image) + index * tick_bytes(), &slot, sizeof slot);
}

void log(const char* word) {
  std::FILE* file = std::fopen(setting("FAKE_PM_LOG", "/dev/null"), "a");
  if (file == nullptr) return;
  std::fprintf(file, "%s\n", word);
  std::fclose(file);
}

std::uint64_t now_ns() {
  timespec at{};
  clock_gettime(CLOCK_MONOTONIC, &at);
  return kEpoch + static_cast<std::uint64_t>(at.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(at.tv_nsec);
}

// Nanoseconds of [0, t) in which the device was on.
double on_until(double t, double period, double on) {
  const double periods = static_cast<double>(static_cast<std::uint64_t>(t / period));
  return periods * on + std::min(on, t - periods * period);
}

double sm_active(const Slot& slot) {
  double period = 1;
  double on = 1;
  double fill = 0.5;
  std::sscanf(setting("FAKE_PM_DUTY", ""), "%lf,%lf,%lf", &period, &on, &fill);
  const auto begin = static_cast<double>(slot.begin - kEpoch);
  const auto end = static_cast<double>(slot.end - kEpoch);
  return 100 * fill * (on_until(end, period, on) - on_until(begin, period, on)) / (end - begin);
}

double value_of(std::string_view metric, const Slot& slot) {
  if (metric.find("sm__cycles_active") != metric.npos) return slot.counts * sm_active(slot);
  if (metric.find("warps_active") != metric.npos) return slot.counts * sm_active(slot) / 2;
  if (metric.find("thread_inst") != metric.npos) return slot.counts * 5;
  return slot.counts * (metric.find("inst_executed_realtime") != metric.npos ? 20 : 10);
}

void wait(std::uint64_t us) {
  const timespec time{static_cast<time_t>(us / 1'000'000),
                      static_cast<long>(us % 1'000'000 * 1000)};
  if (us > 0) nanosleep(&time, nullptr);
}

}  // namespace

extern "C" {

int cuptiProfilerInitialize(abi::InitializeParams*) { return abi::kSuccess; }

int cuptiDeviceGetChipName(abi::ChipNameParams* p) {
  p->chip = setting("FAKE_PM_CHIP", "GH100");
  return abi::kSuccess;
}

int cuptiProfilerHostInitialize(abi::HostInitializeParams* p) {
  p->host = std::make_unique<abi::HostObject>().release();
  return abi::kSuccess;
}

int cuptiProfilerHostDeinitialize(abi::HostDeinitializeParams* p) {
  const std::unique_ptr<abi::HostObject> gone(p->host);
  return abi::kSuccess;
}

int cuptiProfilerHostConfigAddMetrics(abi::AddMetricsParams* p) {
  for (std::size_t i = 0; i < p->count; ++i)
    if (std::strstr(p->names[i], "TriageCompute") == nullptr) return 17;
  p->host->metrics += p->count;
  return abi::kSuccess;
}

int cuptiProfilerHostGetConfigImageSize(abi::ConfigImageSizeParams* p) {
  p->bytes = sizeof(std::size_t);
  return abi::kSuccess;
}

int cuptiProfilerHostGetConfigImage(abi::ConfigImageParams* p) {
  std::memcpy(p->image, &p->host->metrics, sizeof(std::size_t));
  return abi::kSuccess;
}

int cuptiProfilerHostGetNumOfPasses(abi::PassesParams* p) {
  std::size_t metrics = 0;
  std::memcpy(&metrics, p->image, sizeof metrics);
  p->passes = metrics <= kMostMetrics ? 1 : 2;
  return abi::kSuccess;
}

int cuptiProfilerHostEvaluateToGpuValues(abi::EvaluateParams* p) {
  const auto& image = *reinterpret_cast<const Image*>(p->data);
  if (p->range >= image.populated) return 1;
  for (std::size_t i = 0; i < p->count; ++i)
    p->values[i] = value_of(p->names[i], slot(p->data, p->range));
  wait(number("FAKE_PM_EVALUATE_US", "0"));
  return abi::kSuccess;
}

int cuptiPmSamplingGetCounterAvailability(abi::AvailabilityParams* p) {
  p->bytes = 8;
  return abi::kSuccess;
}

int cuptiPmSamplingEnable(abi::EnableParams* p) {
  log("enable");
  p->sampling = &device;
  return static_cast<int>(number("FAKE_PM_REFUSE", "0"));
}

int cuptiPmSamplingDisable(abi::SamplingParams* p) {
  log("disable");
  p->sampling->ran_over = p->sampling->ran_over && number("FAKE_PM_ENDS", "0") != 0;
  return abi::kSuccess;
}

int cuptiPmSamplingSetConfig(abi::SetConfigParams* p) {
  p->sampling->interval = p->interval;
  return abi::kSuccess;
}

int cuptiPmSamplingStart(abi::SamplingParams* p) {
  log("start");
  if (p->sampling->ran_over) return kUnknown;
  p->sampling->next = p->sampling->before = now_ns();
  p->sampling->stopped = 0;
  p->sampling->fresh = true;
  p->sampling->begun = false;
  return abi::kSuccess;
}

int cuptiPmSamplingStop(abi::SamplingParams* p) {
  log("stop");
  p->sampling->stopped = now_ns();
  return abi::kSuccess;
}

// Adds to what is there.
static void decode_tick(const abi::SamplingObject& from, void* data, double counts) {
  auto& image = *static_cast<Image*>(data);
  const std::uint64_t early = from.fresh ? 450'000'000 : 0;
  Slot tick = slot(data, image.completed);
  tick.begin = from.next - early;
  tick.end = from.next + from.interval;
  tick.counts += counts;
  put(data, image.completed, tick);
  image.populated = image.completed + 1;
}

int cuptiPmSamplingDecodeData(abi::DecodeParams* p) {
  abi::SamplingObject& from = *p->sampling;
  auto& image = *reinterpret_cast<Image*>(p->data);
  const std::uint64_t until = from.stopped != 0 ? from.stopped : now_ns();
  if (const std::uint64_t again = number("FAKE_PM_AGAIN", "0"); again != 0)
    if (++from.asked % again == 0) from.next = from.before, from.fresh = true;
  from.before = from.next;
  std::uint64_t there = (until - from.next) / from.interval;
  const std::uint64_t most = number("FAKE_PM_BUFFER", "1000000000");
  p->overflow = there > most ? 1 : 0;
  from.ran_over = from.ran_over || there > most;
  there = std::min(there, most);
  wait(there * number("FAKE_PM_DECODE_US", "0"));
  for (; there > 0; --there) {
    if (image.completed == image.capacity) {  // the rest is gone
      p->stop_reason = abi::kCounterDataFull;
      from.next = until;
      return abi::kSuccess;
    }
    const bool ends_here = there == 1 && from.stopped == 0 && !from.begun;
    decode_tick(from, p->data, ends_here ? kBegun : from.begun ? 1 - kBegun : 1);
    from.begun = ends_here;
    if (ends_here) break;
    ++image.completed;
    from.next += from.interval;
    from.fresh = false;
  }
  p->stop_reason = 2;
  return abi::kSuccess;
}

int cuptiPmSamplingGetCounterDataSize(abi::DataSizeParams* p) {
  p->bytes = sizeof(Image) + std::size_t{p->max_samples} * tick_bytes();
  return abi::kSuccess;
}

int cuptiPmSamplingCounterDataImageInitialize(abi::DataInitializeParams* p) {
  auto& image = *reinterpret_cast<Image*>(p->data);
  image.capacity = (p->bytes - sizeof(Image)) / tick_bytes();
  image.populated = image.completed = 0;
  for (std::uint64_t i = 0; i < image.capacity; ++i) put(p->data, i, {});
  if (number("FAKE_PM_UNLIKE", "0") != 0) p->data[sizeof(Image) + 32] = 1;
  return abi::kSuccess;
}

int cuptiPmSamplingGetCounterDataInfo(abi::DataInfoParams* p) {
  const auto& image = *reinterpret_cast<const Image*>(p->data);
  p->total = image.capacity;
  p->populated = image.populated;
  p->completed = image.completed;
  return abi::kSuccess;
}

int cuptiPmSamplingCounterDataGetSampleInfo(abi::SampleInfoParams* p) {
  const auto& image = *reinterpret_cast<const Image*>(p->data);
  if (p->index >= image.populated) return 1;
  const Slot tick = slot(p->data, p->index);
  p->begin_ns = tick.begin;
  p->end_ns = tick.end;
  return abi::kSuccess;
}

}  // extern "C"
