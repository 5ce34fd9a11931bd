// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "assay/sample/merge.hpp"
#include "assay/sample/sample.hpp"

namespace assay::sample {

// The part of a job's windows that says how it works: from the first window wholly inside its work
// to the last one. A job's start (loading, compiling) and its leaving are not what it is judged by.
// Left out are
//   - what comes before the first window that shows work, that one, because the work began
//     somewhere inside it, and, where enough is left, the next: the driver's word lags;
//   - a first burst of work shorter than the pause after it (kWarmUp at most), and that pause;
//   - the last window that shows work, and what comes after, if that is short: kLeaving, or less
//     than the work. A longer rest is idle time that the job chose, and counts.
// Where nothing shows work it is all windows. Bounded memory; one thread.
class WorkSpan {
 public:
  static constexpr Seconds kLeaving{1.0};
  static constexpr Seconds kWarmUp{5.0};

  // In time order.
  void add(const Sample& window);
  [[nodiscard]] bool empty() const { return all_.empty(); }
  // The span as one window. Needs at least one.
  [[nodiscard]] Sample result() const;

 private:
  struct Part {
    Merger merger;
    Seconds length{0};
    int windows = 0;
    void add(const Sample& window);
  };
  // The same windows cut at three places.
  struct Track {
    Part since;                   // everything
    std::optional<Part> inside;   // up to before the last window with work
    std::optional<Part> through;  // and with it
    void add(const Sample& window, bool works);
  };
  void begin(const Sample& window);

  Merger all_;
  int windows_ = 0;  // since the work began, the first with it
  bool warmed_up_ = false;
  Sample first_;  // the first window with work
  Track after_first_, after_second_;
};

// A kernel, or a copy that fills a good part of the link, or the driver's word that one ran.
bool shows_work(const Sample& window);

}  // namespace assay::sample
