// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/probe/pm/microscope.hpp"

namespace assay::probe::pm {

// The device half: counters held, configured, started, read.
class Microscope::Session {
 public:
  Session(std::shared_ptr<const Library> library, Setup setup, std::vector<Column> columns,
          Host host);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  Status hold();  // takes the counters
  Status configure(std::vector<std::uint8_t>& config, std::size_t buffer_bytes);
  Status start();
  Status stop();

  // Moves what the device has taken so far into `out`, but no more than `enough` of time; true if
  // its buffer had run over.
  Result<bool> read(std::vector<sample::Tick>& out, Seconds enough);

  [[nodiscard]] const Setup& setup() const { return setup_; }
  [[nodiscard]] std::span<const Column> columns() const { return columns_; }
  [[nodiscard]] std::vector<std::uint8_t>& config() { return config_; }
  Host& host() { return host_; }

 private:
  Status clear_data();
  Status take_samples(std::vector<sample::Tick>& out);

  std::shared_ptr<const Library> library_;
  Setup setup_;
  std::vector<Column> columns_;
  Host host_;
  abi::SamplingObject* sampling_ = nullptr;
  std::vector<std::uint8_t> config_;
  std::vector<std::uint8_t> data_;  // counter data image
  std::vector<const char*> names_;
  std::vector<double> values_;
};

}  // namespace assay::probe::pm
