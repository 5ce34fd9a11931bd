// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "assay/appraise/appraisal.hpp"
#include "assay/http/answer.hpp"

namespace assay::serve {

// The newest window, and its JSON, which is made when first asked for: while nobody looks, nobody
// pays. From any thread.
class Latest {
 public:
  using Clock = std::chrono::steady_clock;

  void set(appraise::AppraisedSnapshot snapshot);
  // Null before the first window.
  [[nodiscard]] std::shared_ptr<const appraise::AppraisedSnapshot> snapshot() const;
  [[nodiscard]] http::SharedText json();
  // "id: …\nevent: snapshot\ndata: …\n\n", for subscribers.
  [[nodiscard]] http::SharedText event();
  // How long ago it was set.
  [[nodiscard]] std::optional<Seconds> age() const;

 private:
  mutable std::mutex mutex_;
  std::mutex making_;  // one thread makes a text, the others wait for it
  std::shared_ptr<const appraise::AppraisedSnapshot> snapshot_;
  Clock::time_point set_;
  http::SharedText json_;
  http::SharedText event_;
};

}  // namespace assay::serve
