// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/push/exporter.hpp"
#include "assay/serve/settings.hpp"
#include "assay/units/units.hpp"

namespace assay::cli {

// Where `assay serve` sends its metrics by itself. Every period the text that /metrics would answer
// goes to each destination's exporter, which never makes this wait. `say` gets a sentence when a
// destination begins to fail, and when it is well again.
class ServePush {
 public:
  using Say = std::function<void(const std::string&)>;

  // Errors: a malformed URL, a token file that others can read.
  static Result<std::unique_ptr<ServePush>> open(const serve::Settings& settings,
                                                 const std::string& host);
  // `text`: what to send, empty while there is nothing; called on a thread of its own until this
  // goes. Call once, and only where there is a destination.
  void start(std::function<std::string()> text, Say say);
  // Once this returns, `text` is asked no more.
  void stop();

  [[nodiscard]] bool empty() const { return exporters_.empty(); }
  // What went where, as metrics: assay_push_sent_total and so on.
  [[nodiscard]] std::string metrics() const;

 private:
  explicit ServePush(Seconds period) : period_(period) {}
  void tell(const Say& say);

  Seconds period_;
  std::vector<std::unique_ptr<push::Exporter>> exporters_;
  std::vector<bool> failing_;
  std::jthread thread_;  // last: it is joined before what it uses goes
};

}  // namespace assay::cli
