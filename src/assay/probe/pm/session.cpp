// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/session.hpp"

#include <cmath>
#include <utility>

#include "assay/probe/pm/refusal.hpp"

namespace assay::probe::pm {

Microscope::Session::Session(std::shared_ptr<const Library> library, Setup setup, std::string chip,
                             std::vector<std::uint8_t> image, std::vector<Column> columns,
                             std::vector<std::uint8_t> config)
    : library_(std::move(library)),
      setup_(std::move(setup)),
      chip_(std::move(chip)),
      image_(std::move(image)),
      columns_(std::move(columns)),
      config_(std::move(config)) {
  for (const Column& column : columns_) names_.push_back(column.metric.c_str());
}

Microscope::Session::~Session() { let_go(); }

void Microscope::Session::let_go() {
  if (sampling_ == nullptr) return;
  static_cast<void>(stop());
  abi::SamplingParams params;
  params.sampling = std::exchange(sampling_, nullptr);
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

Status Microscope::Session::configure(std::size_t buffer_bytes) {
  abi::SetConfigParams params;
  params.sampling = sampling_;
  params.config = config_.data();
  params.config_bytes = config_.size();
  params.buffer_bytes = buffer_bytes;
  params.interval = static_cast<std::uint64_t>(std::llround(setup_.interval.value() * 1e9));
  if (const abi::Code code = library_->call().set_config(&params); code != abi::kSuccess)
    return refusal(code, "configuring the counters");
  return {};
}

Status Microscope::Session::start() {
  abi::SamplingParams params;
  params.sampling = sampling_;
  const abi::Code code = library_->call().start(&params);
  if (code != abi::kSuccess) return refusal(code, "starting the counters");
  running_ = true;
  return {};
}

Status Microscope::Session::stop() {
  if (!std::exchange(running_, false)) return {};
  abi::SamplingParams params;
  params.sampling = sampling_;
  const abi::Code code = library_->call().stop(&params);
  if (code != abi::kSuccess) return refusal(code, "stopping the counters");
  return {};
}

Result<std::size_t> Microscope::Session::data_bytes(std::uint32_t capacity) {
  abi::DataSizeParams size;
  size.sampling = sampling_;
  size.names = names_.data();
  size.count = names_.size();
  size.max_samples = capacity;
  if (const abi::Code code = library_->call().data_size(&size); code != abi::kSuccess)
    return refusal(code, "sizing the counters' data");
  return size.bytes;
}

Result<RawBytes> Microscope::Session::make_data(std::uint32_t capacity) {
  TRY_ASSIGN(const std::size_t bytes, data_bytes(capacity));
  RawBytes data(bytes);
  abi::DataInitializeParams params;
  params.sampling = sampling_;
  params.bytes = data.size();
  params.data = data.data();
  if (const abi::Code code = library_->call().data_initialize(&params); code != abi::kSuccess)
    return refusal(code, "preparing the counters' data");
  return data;
}

Result<Microscope::Session::Fetched> Microscope::Session::fetch(CounterData& data) {
  abi::DecodeParams decode;
  decode.sampling = sampling_;
  decode.data = data.bytes().data();
  decode.data_bytes = data.bytes().size();
  const abi::Code code = library_->call().decode(&decode);
  if (code != abi::kSuccess && code != abi::kOutOfMemory)
    return refusal(code, "reading the counters");
  Fetched out;
  out.overflow = decode.overflow != 0 || code == abi::kOutOfMemory;
  abi::DataInfoParams info;
  info.data = data.bytes().data();
  info.data_bytes = data.bytes().size();
  if (const abi::Code why = library_->call().data_info(&info); why != abi::kSuccess)
    return refusal(why, "counting ticks");
  out.populated = info.populated;
  for (std::size_t i = 0; i < info.completed; ++i) {
    abi::SampleInfoParams when;
    when.sampling = sampling_;
    when.data = data.bytes().data();
    when.data_bytes = data.bytes().size();
    when.index = i;
    if (const abi::Code why = library_->call().sample_info(&when); why != abi::kSuccess)
      return refusal(why, "timing a tick");
    out.times.push_back(
        {static_cast<std::int64_t>(when.begin_ns), static_cast<std::int64_t>(when.end_ns), i});
  }
  return out;
}

Result<std::unique_ptr<Evaluators>> Microscope::Session::evaluators(int threads) const {
  std::vector<Host> hosts;
  hosts.reserve(static_cast<std::size_t>(threads) + 1);
  for (int i = 0; i <= threads; ++i) {
    TRY_ASSIGN(Host host, Host::make(library_, chip_, image_));
    hosts.push_back(std::move(host));
  }
  return std::make_unique<Evaluators>(std::move(hosts), columns_);
}

}  // namespace assay::probe::pm
