// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/session.hpp"

#include <cmath>

#include "assay/probe/pm/refusal.hpp"

namespace assay::probe::pm {
namespace {

// Samples that one decode may hand over.
constexpr std::uint32_t kBatch = 4096;

Seconds span_of(std::span<const sample::Tick> ticks) {
  if (ticks.empty()) return Seconds(0);
  return Seconds(static_cast<double>(ticks.back().end_ns - ticks.front().begin_ns) * 1e-9);
}

}  // namespace

Microscope::Session::Session(std::shared_ptr<const Library> library, Setup setup,
                             std::vector<Column> columns, Host host)
    : library_(std::move(library)),
      setup_(std::move(setup)),
      columns_(std::move(columns)),
      host_(std::move(host)),
      values_(columns_.size()) {
  for (const Column& column : columns_) names_.push_back(column.metric.c_str());
}

Microscope::Session::~Session() {
  if (sampling_ == nullptr) return;
  static_cast<void>(stop());
  abi::SamplingParams params;
  params.sampling = sampling_;
  static_cast<void>(library_->call().disable(&params));
}

Status Microscope::Session::hold() {
  abi::EnableParams params;
  params.device = static_cast<std::size_t>(setup_.device);
  const abi::Code code = library_->call().enable(&params);
  if (code != abi::kSuccess) return refusal(code, "taking the device's counters");
  sampling_ = params.sampling;
  return {};
}

Status Microscope::Session::configure(std::vector<std::uint8_t>& config, std::size_t buffer_bytes) {
  abi::SetConfigParams params;
  params.sampling = sampling_;
  params.config = config.data();
  params.config_bytes = config.size();
  params.buffer_bytes = buffer_bytes;
  params.interval = static_cast<std::uint64_t>(std::llround(setup_.interval.value() * 1e9));
  if (const abi::Code code = library_->call().set_config(&params); code != abi::kSuccess)
    return refusal(code, "configuring the counters");
  abi::DataSizeParams size;
  size.sampling = sampling_;
  size.names = names_.data();
  size.count = names_.size();
  size.max_samples = kBatch;
  if (const abi::Code code = library_->call().data_size(&size); code != abi::kSuccess)
    return refusal(code, "sizing the counters' data");
  data_.resize(size.bytes);
  return clear_data();
}

Status Microscope::Session::clear_data() {
  abi::DataInitializeParams params;
  params.sampling = sampling_;
  params.bytes = data_.size();
  params.data = data_.data();
  const abi::Code code = library_->call().data_initialize(&params);
  if (code != abi::kSuccess) return refusal(code, "clearing the counters' data");
  return {};
}

Status Microscope::Session::start() {
  abi::SamplingParams params;
  params.sampling = sampling_;
  const abi::Code code = library_->call().start(&params);
  if (code != abi::kSuccess) return refusal(code, "starting the counters");
  return {};
}

Status Microscope::Session::stop() {
  abi::SamplingParams params;
  params.sampling = sampling_;
  const abi::Code code = library_->call().stop(&params);
  if (code != abi::kSuccess) return refusal(code, "stopping the counters");
  return {};
}

Status Microscope::Session::take_samples(std::vector<sample::Tick>& out) {
  abi::DataInfoParams info;
  info.data = data_.data();
  info.data_bytes = data_.size();
  if (const abi::Code code = library_->call().data_info(&info); code != abi::kSuccess)
    return refusal(code, "counting ticks");
  for (std::size_t i = 0; i < info.completed; ++i) {
    abi::SampleInfoParams when;
    when.sampling = sampling_;
    when.data = data_.data();
    when.data_bytes = data_.size();
    when.index = i;
    if (const abi::Code code = library_->call().sample_info(&when); code != abi::kSuccess)
      return refusal(code, "timing a tick");
    TRY(host_.evaluate(data_, i, names_, values_));
    sample::Tick tick;
    tick.begin_ns = static_cast<std::int64_t>(when.begin_ns);
    tick.end_ns = static_cast<std::int64_t>(when.end_ns);
    fill(tick, columns_, values_);
    out.push_back(tick);
  }
  return {};
}

Result<bool> Microscope::Session::read(std::vector<sample::Tick>& out, Seconds enough) {
  bool overflow = false;
  for (;;) {
    abi::DecodeParams params;
    params.sampling = sampling_;
    params.data = data_.data();
    params.data_bytes = data_.size();
    const abi::Code code = library_->call().decode(&params);
    if (code != abi::kSuccess && code != abi::kOutOfMemory)
      return refusal(code, "reading the counters");
    overflow = overflow || params.overflow != 0 || code == abi::kOutOfMemory;
    const std::size_t before = out.size();
    TRY(take_samples(out));
    // The stop reason says "other" when the image is full, too: only an empty one is the end.
    if (out.size() == before || span_of(out) >= enough) return overflow;
    TRY(clear_data());
  }
}

}  // namespace assay::probe::pm
