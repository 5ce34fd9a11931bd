// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/sample/owner.hpp"
#include "assay/sample/sample.hpp"

namespace assay::serve {

// What is measured and what is known of it, as the daemon sees it. wake() from any thread, the rest
// from one.
class Meter {
 public:
  Meter() = default;
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  virtual ~Meter() = default;

  [[nodiscard]] virtual std::vector<sample::DeviceFacts> devices() const = 0;
  [[nodiscard]] virtual sample::Origin origin() const = 0;
  // Waits for the end of a window; nothing once wake() was called.
  virtual std::optional<sample::Snapshot> next() = 0;
  virtual std::vector<sample::Event> take_events() = 0;
  virtual appraise::AppraisedSnapshot appraise(sample::Snapshot snapshot) = 0;
  virtual void wake() = 0;
  // By device: whose the process is that holds most of it. From any thread.
  virtual std::vector<sample::Owner> holders(const appraise::AppraisedSnapshot& snapshot) = 0;
};

}  // namespace assay::serve
