// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/probe/pm/library.hpp"

namespace assay::probe::pm {

// The half of CUPTI that needs no GPU: it knows each chip's metrics, plans their collection, and
// turns raw counters into values. One thread at a time.
class Host {
 public:
  // chip: as CUPTI names it ("GH100"). availability: the device's own image, empty where there is
  // no device; the library must outlive nothing, it is shared.
  static Result<Host> make(std::shared_ptr<const Library> library, const std::string& chip,
                           std::span<const std::uint8_t> availability = {});
  Host(Host&& other) noexcept;
  Host& operator=(Host&&) = delete;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host();

  // Metrics add up over calls; an unknown name is an Error, and the host is of no more use then.
  Status add(std::span<const std::string> metrics);
  // How the device has to be set up for all metrics added, and how many passes that takes.
  Result<std::vector<std::uint8_t>> config_image();
  Result<int> passes(std::vector<std::uint8_t>& config_image);
  // The values of sample `index` of a counter data image; as many as names.
  Status evaluate(std::span<const std::uint8_t> data, std::size_t index,
                  std::span<const char*> names, std::span<double> values);

 private:
  Host(std::shared_ptr<const Library> library, abi::HostObject* object)
      : library_(std::move(library)), object_(object) {}

  std::shared_ptr<const Library> library_;
  abi::HostObject* object_;
};

}  // namespace assay::probe::pm
