// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "assay/probe/pm/evaluators.hpp"
#include "assay/probe/pm/microscope.hpp"

namespace assay::probe::pm {

// The device half: counters held, configured, started, fetched. One thread.
class Microscope::Session {
 public:
  // `image`: which counters the device has free.
  Session(std::shared_ptr<const Library> library, Setup setup, std::string chip,
          std::vector<std::uint8_t> image, std::vector<Column> columns,
          std::vector<std::uint8_t> config);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();  // stops, and gives the counters back

  Status hold();  // takes the counters
  void let_go();  // stops, and gives them back
  // For another interval, another set of metrics or another start after the device's buffer ran
  // over, let go first: else CUPTI says success and keeps to the old ones, or fails (measured).
  Status configure(std::size_t buffer_bytes);
  Status start();
  Status stop();

  // RawBytes that counter data of so many ticks takes.
  Result<std::size_t> data_bytes(std::uint32_t capacity);
  // As new.
  Result<RawBytes> make_data(std::uint32_t capacity);

  struct Fetched {
    std::vector<TickTime> times;  // of the whole ticks
    std::size_t populated = 0;    // ticks with those begun, which the next fetch completes
    bool overflow = false;        // the device's buffer had run over
  };
  // Moves what the device has taken until now into `data`, which must be as new but for ticks that
  // the last fetch began.
  Result<Fetched> fetch(CounterData& data);

  // Threads that evaluate, each with a host of its own, and one for the caller.
  Result<std::unique_ptr<Evaluators>> evaluators(int threads) const;

  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] const Setup& setup() const { return setup_; }
  [[nodiscard]] std::span<const Column> columns() const { return columns_; }

 private:
  std::shared_ptr<const Library> library_;
  Setup setup_;
  std::string chip_;
  std::vector<std::uint8_t> image_;
  std::vector<Column> columns_;
  std::vector<std::uint8_t> config_;
  std::vector<const char*> names_;
  abi::SamplingObject* sampling_ = nullptr;
  bool running_ = false;
};

}  // namespace assay::probe::pm
