// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/pm/host.hpp"

#include <fmt/format.h>

#include <utility>

#include "assay/probe/pm/refusal.hpp"

namespace assay::probe::pm {

Result<Host> Host::make(std::shared_ptr<const Library> library, const std::string& chip,
                        std::span<const std::uint8_t> availability) {
  abi::HostInitializeParams params;
  params.chip = chip.c_str();
  params.availability = availability.empty() ? nullptr : availability.data();
  const abi::Code code = library->call().host_initialize(&params);
  if (code == abi::kInvalidChipName)
    return Error{
        ErrorCode::not_supported,
        fmt::format("{} does not know the chip {}; a newer CUPTI may", library->path(), chip)};
  if (code != abi::kSuccess) return refusal(code, "preparing the counters of " + chip);
  return Host(std::move(library), params.host);
}

Host::Host(Host&& other) noexcept
    : library_(std::move(other.library_)), object_(std::exchange(other.object_, nullptr)) {}

Host::~Host() {
  if (object_ == nullptr) return;
  abi::HostDeinitializeParams params;
  params.host = object_;
  static_cast<void>(library_->call().host_deinitialize(&params));
}

Status Host::add(std::span<const std::string> metrics) {
  std::vector<const char*> names;
  names.reserve(metrics.size());
  for (const std::string& metric : metrics) names.push_back(metric.c_str());
  abi::AddMetricsParams params;
  params.host = object_;
  params.names = names.data();
  params.count = names.size();
  const abi::Code code = library_->call().add_metrics(&params);
  if (code != abi::kSuccess) return refusal(code, "planning the metrics");
  return {};
}

Result<std::vector<std::uint8_t>> Host::config_image() {
  abi::ConfigImageSizeParams size;
  size.host = object_;
  if (const abi::Code code = library_->call().config_size(&size); code != abi::kSuccess)
    return refusal(code, "planning the collection");
  std::vector<std::uint8_t> image(size.bytes);
  abi::ConfigImageParams params;
  params.host = object_;
  params.bytes = image.size();
  params.image = image.data();
  if (const abi::Code code = library_->call().config_image(&params); code != abi::kSuccess)
    return refusal(code, "planning the collection");
  return image;
}

Result<int> Host::passes(std::vector<std::uint8_t>& config_image) {
  abi::PassesParams params;
  params.bytes = config_image.size();
  params.image = config_image.data();
  if (const abi::Code code = library_->call().passes(&params); code != abi::kSuccess)
    return refusal(code, "counting passes");
  return static_cast<int>(params.passes);
}

Status Host::evaluate(std::span<const std::uint8_t> data, std::size_t index,
                      std::span<const char*> names, std::span<double> values) {
  abi::EvaluateParams params;
  params.host = object_;
  params.data = data.data();
  params.data_bytes = data.size();
  params.range = index;
  params.names = names.data();
  params.count = names.size();
  params.values = values.data();
  const abi::Code code = library_->call().evaluate(&params);
  if (code != abi::kSuccess) return refusal(code, "reading a tick");
  return {};
}

}  // namespace assay::probe::pm
