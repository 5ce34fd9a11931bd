// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/result.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/lab_view.hpp"
#include "assay/cli/microscope_look.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/style.hpp"
#include "assay/store/recording.hpp"

namespace assay::cli {

// A recording seen through the same ladder as a live device. One thread.
class Replay {
 public:
  // `name` is what people call the file. Errors as store::Recording::open and Knowledge::load, and
  // corrupt where there is no window to show.
  static Result<Replay> open(const std::string& path, const std::string& name,
                             const CommonOptions& options);

  // One sentence of what was found damaged so far, and what is wrong with the user's own files: to
  // be asked for once everything was read.
  [[nodiscard]] std::vector<std::string> warnings() const;

  // The window at a moment: "12.5s" from the start, a time in UTC, the id of a lab kernel (then all
  // windows inside it as one), or "run": job().
  Result<appraise::AppraisedSnapshot> at(const std::string& moment);

  // The moment that an option's "12.5s" (from the start) or time in UTC means in this recording.
  [[nodiscard]] Result<sample::WallTime> moment(std::string_view option,
                                                const std::string& text) const;

  // The error where a span holds no window; `of` says of what: " of device 3", or nothing.
  [[nodiscard]] Error no_window(std::string_view of) const;

  // All windows as one, its causes found as `assay run` finds them: from the job's own windows and
  // its kernels, where the recording has them.
  Result<appraise::AppraisedSnapshot> job();

  // All windows in time order until `visit` says no: those that end within from..to.
  Status for_each(const std::function<bool(const appraise::AppraisedSnapshot&)>& visit,
                  sample::WallTime from = {std::numeric_limits<std::int64_t>::min()},
                  sample::WallTime to = {std::numeric_limits<std::int64_t>::max()});

  [[nodiscard]] const store::Recording& recording() const { return recording_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  // What is in the file: where from, what nvidia-smi said and what was true in the one-thread
  // moment, the ladder of each lab kernel; for other recordings the whole as one window.
  Result<std::string> overview(const Style& style);
  [[nodiscard]] std::string moment_view(const Style& style,
                                        const appraise::AppraisedSnapshot& snapshot) const;

 private:
  Replay(store::Recording recording, Knowledge knowledge, std::string name);

  appraise::AppraisedSnapshot appraise(sample::Snapshot snapshot) const;
  // All windows inside the moment as one, or all there are (nullptr), beside their work spans.
  Result<sample::Snapshot> merged(const LabMoment* moment, std::vector<sample::Sample>* working);
  Result<appraise::AppraisedSnapshot> inside(const LabMoment& moment);
  Result<std::vector<LabRow>> lab_rows();
  [[nodiscard]] std::string heading(const Style& style) const;
  [[nodiscard]] std::string nvidia_smi_text(const Style& style) const;

  store::Recording recording_;
  Knowledge knowledge_;
  std::string name_;
  std::vector<LabMoment> lab_;
  std::shared_ptr<const sample::KernelTable> kernels_;  // of `assay run`; null where there is none
  std::vector<MicroscopeLook> looks_;                   // of the microscope beside it
};

}  // namespace assay::cli
