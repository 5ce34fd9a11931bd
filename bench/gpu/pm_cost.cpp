// SPDX-License-Identifier: Apache-2.0
// What PM sampling costs the reader a tick, part by part, whoever uses the device meanwhile, and
// what becomes of ticks that do not fit the counter data. A table on stdout; trace_cost.sh's
// `build` makes it.
#include <fmt/format.h>
#include <time.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "assay/probe/pm/counter_data.hpp"
#include "assay/probe/pm/host.hpp"
#include "assay/probe/pm/library.hpp"
#include "assay/probe/pm/metric_set.hpp"

namespace {

using namespace assay;
using namespace assay::probe::pm;
using sample::Channel;

double seconds_of(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}
double now() { return seconds_of(CLOCK_MONOTONIC); }

void nap(double seconds) {
  const timespec t{
      static_cast<time_t>(seconds),
      static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
  nanosleep(&t, nullptr);
}

// The counters taken for one set of channels at one interval, and given back.
class Rig {
 public:
  Rig(std::shared_ptr<const Library> library, const std::string& chip,
      const std::vector<std::uint8_t>& image, const std::vector<Channel>& wanted)
      : library_(std::move(library)),
        columns_(*choose_for(library_, chip, image, wanted)),
        host_(std::move(*Host::make(library_, chip, image))) {
    std::vector<std::string> metrics;
    for (const Column& column : columns_) metrics.push_back(column.metric);
    must(host_.add(metrics).ok() ? 0 : -1, "metrics");
    config_ = *host_.config_image();
    for (const Column& column : columns_) names.push_back(column.metric.c_str());
    abi::EnableParams enable;
    must(call().enable(&enable), "enable");
    sampling_ = enable.sampling;
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;
  ~Rig() {
    abi::SamplingParams params;
    params.sampling = sampling_;
    call().disable(&params);
  }
  void configure(double interval_us, std::size_t mib) {
    abi::SetConfigParams p;
    p.sampling = sampling_;
    p.config = config_.data();
    p.config_bytes = config_.size();
    p.buffer_bytes = mib << 20;
    p.interval = static_cast<std::uint64_t>(interval_us * 1e3);
    must(call().set_config(&p), "set_config");
  }
  std::size_t size_of(std::uint32_t ticks) {
    abi::DataSizeParams p;
    p.sampling = sampling_;
    p.names = names.data();
    p.count = names.size();
    p.max_samples = ticks;
    must(call().data_size(&p), "data_size");
    return p.bytes;
  }
  void make(std::uint32_t ticks) { data.assign(size_of(ticks), 0), clear(); }
  void clear() {
    abi::DataInitializeParams p;
    p.sampling = sampling_;
    p.bytes = data.size();
    p.data = data.data();
    must(call().data_initialize(&p), "data_initialize");
  }
  void start() { act(&abi::Functions::start, "start"); }
  void stop() { act(&abi::Functions::stop, "stop"); }
  abi::DecodeParams decode() {
    abi::DecodeParams p;
    p.sampling = sampling_;
    p.data = data.data();
    p.data_bytes = data.size();
    must(call().decode(&p), "decode");
    return p;
  }
  abi::DataInfoParams info() {
    abi::DataInfoParams p;
    p.data = data.data();
    p.data_bytes = data.size();
    must(call().data_info(&p), "data_info");
    return p;
  }
  std::size_t ticks() { return info().completed; }
  abi::SampleInfoParams when(std::size_t index) {
    abi::SampleInfoParams p;
    p.sampling = sampling_;
    p.data = data.data();
    p.data_bytes = data.size();
    p.index = index;
    must(call().sample_info(&p), "sample_info");
    return p;
  }
  void values(std::size_t ticks) {
    std::vector<double> out(names.size());
    for (std::size_t i = 0; i < ticks; ++i)
      must(host_.evaluate(data, i, names, out).ok() ? 0 : -1, "evaluate");
  }
  double evaluate(std::span<const char*> which) {
    std::vector<double> values(which.size());
    const std::size_t n = std::min<std::size_t>(ticks(), 300);
    const double begin = now();
    bool fine = true;
    for (std::size_t i = 0; i < n; ++i) fine = host_.evaluate(data, i, which, values).ok() && fine;
    return fine && n > 0 ? (now() - begin) / static_cast<double>(n) * 1e6 : -1;
  }

  std::vector<const char*> names;
  std::vector<std::uint8_t> data;

 private:
  const abi::Functions& call() const { return library_->call(); }
  void must(abi::Code code, const char* what) {
    if (code != 0) fmt::print("! {}: code {}\n", what, code);
  }
  void act(abi::Code (*abi::Functions::*what)(abi::SamplingParams*), const char* word) {
    abi::SamplingParams p;
    p.sampling = sampling_;
    must((call().*what)(&p), word);
  }
  std::shared_ptr<const Library> library_;
  std::vector<Column> columns_;
  Host host_;
  std::vector<std::uint8_t> config_;
  abi::SamplingObject* sampling_ = nullptr;
};

struct Spent {
  double decode = 0;
  double times = 0;
  double evaluate = 0;
  double renew = 0;
};

// Fetches as the microscope does: the tick within which decoding ends goes on in the next counter
// data, and what was used is copied back.
class Stream {
 public:
  Stream(Rig& rig, double interval_us) : rig_(rig) {
    rig.configure(interval_us, 256);
    rig.make(kCapacity);
    blank_.emplace(rig.data, kCapacity, rig.size_of(2) - rig.size_of(1));
  }
  // Whole ticks that came.
  std::size_t fetch(bool values) {
    const double begin = now();
    std::ranges::copy(begun_, place(0));
    overflow = overflow || rig_.decode().overflow != 0;
    const double decoded = now();
    const abi::DataInfoParams info = rig_.info();
    for (std::size_t i = 0; i < info.completed; ++i) rig_.when(i);
    const double timed = now();
    if (values) rig_.values(info.completed);
    const double evaluated = now();
    begun_.assign(place(info.completed), place(info.populated));
    const auto used = static_cast<std::ptrdiff_t>(blank_->range(info.populated));
    std::copy(blank_->bytes().begin(), blank_->bytes().begin() + used, rig_.data.begin());
    spent.decode += decoded - begin;
    spent.times += timed - decoded;
    spent.evaluate += evaluated - timed;
    spent.renew += now() - evaluated;
    full = full || info.completed == kCapacity;
    return info.completed;
  }

  Spent spent;
  bool overflow = false;
  bool full = false;

 private:
  static constexpr std::uint32_t kCapacity = 1066;
  RawBytes::iterator place(std::size_t tick) {
    return rig_.data.begin() + static_cast<std::ptrdiff_t>(blank_->range(tick));
  }
  Rig& rig_;
  std::optional<BlankData> blank_;
  RawBytes begun_;
};

// `ticks` at a time where the reader keeps up, with or without evaluation.
void stream_costs(Rig& rig, double interval_us, std::uint32_t ticks, bool values) {
  Stream stream(rig, interval_us);
  rig.start();
  std::size_t total = 0, fetches = 0;
  const double begin = now();
  const double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  for (double due = begin; now() - begin < 1; ++fetches) {
    due = std::max(due + interval_us * ticks * 1e-6, now());
    nap(std::max(0.0, due - now()));
    total += stream.fetch(values);
  }
  const double wall = now() - begin;
  const double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  rig.stop();
  const double each = 1e6 / static_cast<double>(std::max<std::size_t>(1, total));
  fmt::print(
      "| {} metrics, {} us, {} ticks at a time: {:.0f} | {} of {:.0f} ticks, data full {}, "
      "overflow "
      "{} | decode {:.2f} | times {:.2f} | evaluate {:.2f} | copy back {:.2f} | CPU {:.0f} % |\n",
      rig.names.size(), interval_us, ticks,
      static_cast<double>(total) / static_cast<double>(fetches), total, wall * 1e6 / interval_us,
      stream.full, stream.overflow, stream.spent.decode * each, stream.spent.times * each,
      stream.spent.evaluate * each, stream.spent.renew * each, used / wall * 100);
}

void evaluate_costs(Rig& rig) {
  rig.make(512);
  rig.start();
  nap(0.03);
  rig.stop();
  const double begin = now();
  rig.decode();
  fmt::print("  {} ticks decoded when stopped: {:.2f} us each; {} bytes a tick; evaluation us:",
             rig.ticks(), (now() - begin) * 1e6 / static_cast<double>(rig.ticks() + 1),
             rig.size_of(2) - rig.size_of(1));
  for (std::size_t n = 1; n <= rig.names.size(); n += n < 3 ? 1 : 5)
    fmt::print(" {} names {:.2f};", n, rig.evaluate(std::span(rig.names).first(n)));
  std::vector<std::string> sums;
  for (const std::string name : rig.names)
    if (name.find("throughput") == name.npos)
      sums.push_back(name.substr(0, name.find(".avg.")) + ".sum");
  std::vector<const char*> some;
  for (const std::string& name : sums) some.push_back(name.c_str());
  fmt::print(" {} sums {:.2f}; all {:.2f}\n", some.size(), rig.evaluate(some),
             rig.evaluate(rig.names));
}

// Counter data smaller than what the device holds.
void full_data(Rig& rig) {
  rig.make(100);
  rig.start();
  nap(0.05);
  std::string text;
  std::uint64_t last = 0;
  for (int i = 0; i < 3; ++i) {
    const auto p = rig.decode();
    const std::size_t n = rig.ticks();
    if (n == 0) break;
    text += fmt::format(" {} ticks (stop reason {}){}", n, p.stop_reason,
                        last == 0
                            ? ""
                            : fmt::format(", {:.1f} ms after the last",
                                          static_cast<double>(rig.when(0).begin_ns - last) * 1e-6));
    last = rig.when(n - 1).end_ns;
    rig.clear();
  }
  rig.stop();
  fmt::print("  50 ms at 100 us into room for 100:{}\n", text);
}

}  // namespace

int main() {
  auto library = Library::load();
  const Status driver = start_driver();
  if (!library || !driver)
    return fmt::print(stderr, "{}\n", library ? driver.error().message : library.error().message),
           3;
  (*library)->initialize();
  abi::ChipNameParams name;
  (*library)->call().chip_name(&name);
  const std::string chip = name.chip;
  abi::AvailabilityParams availability;
  (*library)->call().availability(&availability);
  std::vector<std::uint8_t> image(availability.bytes);
  availability.image = image.data();
  (*library)->call().availability(&availability);
  const std::vector<std::vector<Channel>> sets = {
      {Channel::sm_active},
      {Channel::sm_active, Channel::dram, Channel::issue, Channel::occupancy, Channel::tensor},
      {}};
  for (const auto& wanted : sets) {
    for (const bool values : {false, true})
      for (const std::uint32_t ticks : {32U, 128U}) {
        Rig rig(*library, chip, image, wanted);
        stream_costs(rig, 100, ticks, values);
      }
    Rig rig(*library, chip, image, wanted);
    rig.configure(100, 256);
    evaluate_costs(rig);
    full_data(rig);
  }
  {
    Rig rig(*library, chip, image, {});
    stream_costs(rig, 200, 64, true);
  }
  Rig rig(*library, chip, image, {Channel::sm_active});
  stream_costs(rig, 12, 400, true);
  return 0;
}
