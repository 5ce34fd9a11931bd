// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/base/counted.hpp"
#include "assay/cli/builtin_recording.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/top_sources.hpp"
#include "assay/store/recording.hpp"

namespace assay::cli {
namespace {

// What is read at once around a place that was jumped to: more than the widest history shows.
constexpr std::int64_t kBefore = 300;

class Recorded final : public TopSource {
 public:
  Recorded(RecordingFile file, store::Recording recording, Knowledge knowledge)
      : file_(std::move(file)),
        recording_(std::move(recording)),
        knowledge_(std::move(knowledge)),
        frames_(std::max<std::size_t>(tui::frames_to_keep(recording_.devices().size()),
                                      static_cast<std::size_t>(kBefore) + 1)) {}

  // The end of each window and what was lost up to it.
  Status scan() {
    // Some 10 us a device and window: a day of eight devices takes seconds.
    const auto devices = static_cast<std::int64_t>(recording_.devices().size());
    if (recording_.window_count() * devices > 100'000)
      complain(fmt::format("assay: reading {} of {} in {} ...",
                           counted(recording_.window_count(), "window"), counted(devices, "device"),
                           file_.name()));
    store::Cursor cursor = recording_.cursor();
    tui::RunningLoss running;
    for (;;) {
      TRY_ASSIGN(std::optional<sample::Snapshot> snapshot, cursor.next());
      if (!snapshot) return {};
      ends_.push_back(snapshot->at);
      running.add(knowledge_.appraise(std::move(*snapshot)));
      running_.push_back(running);
    }
  }

  [[nodiscard]] std::int64_t first() const override { return 0; }
  [[nodiscard]] std::int64_t last() const override {
    return static_cast<std::int64_t>(ends_.size()) - 1;
  }
  [[nodiscard]] bool live() const override { return false; }
  bool take_new() override { return false; }
  [[nodiscard]] std::string trouble() const override { return trouble_; }
  [[nodiscard]] Seconds period() const override {
    if (recording_.provenance().period > Seconds(0)) return recording_.provenance().period;
    if (ends_.size() < 2) return Seconds(1);
    const double span = static_cast<double>(ends_.back().unix_ns - ends_.front().unix_ns) * 1e-9;
    return Seconds(std::max(span / static_cast<double>(ends_.size() - 1), 0.1));
  }

  const tui::Frame* at(std::int64_t number) override {
    if (number < 0 || number > last()) return nullptr;
    if (const tui::Frame* frame = frames_.at(number)) return frame;
    if (!cursor_ || number != frames_.last() + 1) {
      const std::int64_t from = std::max<std::int64_t>(0, number - kBefore);
      frames_.restart(from);
      cursor_ = recording_.cursor(ends_[static_cast<std::size_t>(from)]);
    }
    while (frames_.last() < number)
      if (!read_one()) return nullptr;
    return frames_.at(number);
  }

 private:
  // A recording of a simulation stays one.
  [[nodiscard]] std::string stamp() const {
    const sample::Origin& of = recording_.recorded_origin();
    if (of.kind != sample::OriginKind::simulation) return file_.name();
    return fmt::format("{} of SIMULATED {}", file_.name(), of.name);
  }

  bool read_one() {
    auto snapshot = cursor_->next();
    if (!snapshot || !*snapshot) {
      trouble_ = snapshot ? "the recording has become shorter" : snapshot.error().message;
      cursor_.reset();
      return false;
    }
    sample::Snapshot window = std::move(**snapshot);
    window.origin.name = stamp();
    const std::int64_t number = frames_.last() + 1;
    tui::Frame frame =
        tui::frame_of(knowledge_.appraise(std::move(window)), frames_.at(frames_.last()));
    frame.running = running_[static_cast<std::size_t>(number)];
    frame.processes_from = "whose a recording's processes were is not in it";
    frames_.push(std::move(frame));
    return true;
  }

  RecordingFile file_;
  store::Recording recording_;
  Knowledge knowledge_;
  tui::FrameRing frames_;
  std::optional<store::Cursor> cursor_;
  std::vector<sample::WallTime> ends_;
  std::vector<tui::RunningLoss> running_;
  std::string trouble_;
};

}  // namespace

Result<std::unique_ptr<TopSource>> recorded_source(const CommonOptions& options,
                                                   const std::string& name,
                                                   std::vector<std::string>& warnings) {
  TRY_ASSIGN(RecordingFile file, RecordingFile::locate(name));
  auto recording = store::Recording::open(file.path());
  if (!recording) return recording.error();
  if (recording->window_count() == 0)
    return Error{ErrorCode::corrupt, fmt::format("'{}' holds no window", file.name())};
  TRY_ASSIGN(Knowledge knowledge, Knowledge::load(options, recording->devices()));
  warnings.assign(knowledge.warnings().begin(), knowledge.warnings().end());
  auto source =
      std::make_unique<Recorded>(std::move(file), std::move(*recording), std::move(knowledge));
  TRY(source->scan());
  return std::unique_ptr<TopSource>(std::move(source));
}

}  // namespace assay::cli
