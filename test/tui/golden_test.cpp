// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "assay/appraise/fixture_for_tests.hpp"
#include "assay/appraise/serving.hpp"
#include "assay/format/text.hpp"
#include "assay/tui/picture.hpp"
#include "tui/fleet.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;
using tui::Key;

void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(ASSAY_GOLDEN_DIR) + "/" + name;
  const char* mode = std::getenv("ASSAY_GOLDEN");
  if (mode != nullptr && std::string_view(mode) == "write") std::ofstream(path) << text;
  std::ifstream file(path);
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, golden) << name << " has changed; ASSAY_GOLDEN=write writes it anew";
}

std::string picture(const tui::Size& size, bool unicode, tui::State state = {}) {
  FleetSource source(60, true);
  state.position = 59;
  return joined(tui::draw(state, source, size, {.colour = false, .unicode = unicode}).lines);
}

TEST(Golden, At80x24) { expect_golden("80x24.txt", picture({80, 24}, true)); }
TEST(Golden, At160x48) { expect_golden("160x48.txt", picture({160, 48}, true)); }
TEST(Golden, At60x16InAscii) { expect_golden("60x16-ascii.txt", picture({60, 16}, false)); }
TEST(Golden, LargeAt100x30) {
  tui::State state;
  state.large = true;
  state.device = 1;
  expect_golden("large-100x30.txt", picture({100, 30}, true, state));
}
TEST(Golden, HelpAt80x24) {
  tui::State state;
  state.help = true;
  expect_golden("help-80x24.txt", picture({80, 24}, true, state));
}
TEST(Golden, PausedInTheMiddle) {
  FleetSource source(60, false);
  tui::State state;
  state.position = 20;
  state.paused = true;
  expect_golden(
      "paused-80x24.txt",
      joined(tui::draw(state, source, {80, 24}, {.colour = false, .unicode = true}).lines));
}

std::string of_recording(const std::string& name, const tui::Size& size) {
  FleetSource source(60, false, {sample::OriginKind::recording, name});
  tui::State state;
  state.position = 20;
  state.paused = true;
  return joined(tui::draw(state, source, size, {.colour = false, .unicode = true}).lines);
}

TEST(Title, AFilesNameIsShortenedInItsMiddleAndTimeAndStateStayWhole) {
  const std::string when = "  2025-11-22 08:40:20Z  PAUSED";
  for (const tui::Size size : {tui::Size{80, 24}, tui::Size{60, 20}}) {
    EXPECT_THAT(of_recording("/data/runs/2025/job.assay", size),
                HasSubstr("RECORDING job.assay" + when));
    const std::string text =
        of_recording("/data/a-long-name-of-a-training-run-on-node-17.assay", size);
    EXPECT_THAT(text, HasSubstr("RECORDING a"));
    EXPECT_THAT(text, HasSubstr("…"));
    EXPECT_THAT(text, HasSubstr(when));
    EXPECT_THAT(text, HasSubstr("17.assay" + when));
  }
}

TEST(Picture, TellsHowManyDevicesAreNotShown) {
  EXPECT_THAT(of_recording("job.assay", {60, 20}), HasSubstr("+3 more ↓"));
  EXPECT_THAT(of_recording("job.assay", {80, 40}), testing::Not(HasSubstr("more ↓")));
}

class OneFrame final : public tui::Source {
 public:
  explicit OneFrame(tui::Frame frame) : frame_(std::move(frame)) {}
  [[nodiscard]] std::int64_t first() const override { return 0; }
  [[nodiscard]] std::int64_t last() const override { return 0; }
  const tui::Frame* at(std::int64_t number) override { return number == 0 ? &frame_ : nullptr; }
  [[nodiscard]] bool live() const override { return true; }
  [[nodiscard]] Seconds period() const override { return Seconds(1); }
  [[nodiscard]] std::string trouble() const override { return {}; }

 private:
  tui::Frame frame_;
};

// The last of two windows of the device that spins: it is gone in that one.
std::string after_loss(sample::Presence presence, bool priced, int columns) {
  appraise::AppraisedSnapshot before = fleet(0);
  before.devices.erase(before.devices.begin(), before.devices.end() - 1);
  appraise::AppraisedSnapshot gone = before;
  gone.devices = {
      appraise::appraise(appraise::gone_device(presence),
                         priced ? appraise::priced_board() : appraise::BoardKnowledge{})};
  if (!priced) before = gone;
  const tui::Frame first = tui::frame_of(before, nullptr);
  OneFrame source(tui::frame_of(gone, &first));
  tui::State state;
  return joined(tui::draw(state, source, {columns, 24}, {.colour = false, .unicode = true}).lines);
}

TEST(Title, ALostDeviceHasAPriceAndWhatItLostBeforeStaysKnown) {
  const std::string text = after_loss(sample::Presence::lost, true, 80);
  EXPECT_THAT(text, HasSubstr("lost: unknown (device lost), at least $0.0007 in 2 s"));
  EXPECT_THAT(text, testing::Not(HasSubstr("no price")));
  EXPECT_THAT(after_loss(sample::Presence::lost, true, 60),
              HasSubstr("lost: unknown (device lost), >$0.0007 in 2 s"));
  EXPECT_THAT(after_loss(sample::Presence::stale, true, 80),
              HasSubstr("lost: unknown (no answer), at least $"));
  EXPECT_THAT(after_loss(sample::Presence::lost, false, 80), HasSubstr("no price for this chip"));
}

// One window with a serving engine beside its devices.
OneFrame engine_source(engine::Report report) {
  appraise::AppraisedSnapshot snapshot = fleet(0);
  appraise::set_engine(snapshot, std::move(report), std::vector<std::size_t>{0, 1, 2, 6, 7});
  return OneFrame(tui::frame_of(snapshot, nullptr));
}

engine::Report busy_engine() {
  const auto told = [](double value) {
    return engine::Figure::measured(value, metric::Source::none, Seconds(1));
  };
  engine::Report report;
  report.name = "vLLM";
  report.models = {"meta-llama/Llama-3.1-8B\x1b[2J"};
  report.generation_tokens_per_second = told(12'345);
  report.running = told(64);
  report.waiting = told(0);
  report.next_token_s = engine::Figure::unknown(sample::Reason::no_new_data);
  return report;
}

std::string of_engine(engine::Report report, const tui::Size& size) {
  OneFrame source = engine_source(std::move(report));
  tui::State state;
  const auto drawn = tui::draw(state, source, size, {.colour = false, .unicode = true});
  for (const std::string& line : plain(drawn.lines))
    EXPECT_EQ(format::columns(line), size.columns) << line;
  return joined(drawn.lines);
}

TEST(Engine, StandsUnderTheDevicesWithWhatATokenCosts) {
  const std::string text = of_engine(busy_engine(), {100, 30});
  EXPECT_THAT(text,
              HasSubstr("\nvLLM Llama-3.1-8B?[2J on GPU 0-2, 6, 7  12.35 k tokens/s · 64 run · "
                        "0 wait"));
  EXPECT_THAT(text, HasSubstr("\n  $0.281 a million tokens"));
  EXPECT_THAT(text, HasSubstr(" J a token · useful unknown"));
  EXPECT_THAT(of_engine(busy_engine(), {160, 30}), HasSubstr("next unknown (no-new-data)"));
}

TEST(Engine, OnASmallScreenThePriceIsWhatStays) {
  const std::string text = of_engine(busy_engine(), {60, 16});
  EXPECT_THAT(text, HasSubstr("\n$0.281 a million tokens"));
  EXPECT_THAT(text, testing::Not(HasSubstr("vLLM")));
}

TEST(Engine, InTroubleSaysSo) {
  const std::string text =
      of_engine(engine::without("http://h",
                                "can't connect to http://127.0.0.1:8000/metrics: Connection "
                                "refused; is the engine running?"),
                {80, 24});
  EXPECT_THAT(text, HasSubstr("\nengine: can't connect to http://127.0.0.1:8000/metrics:"));
  EXPECT_THAT(text, HasSubstr("\nthe engine running?\n"));
}

TEST(Picture, EachLineFillsTheScreenAndLeavesNoStyleOpen) {
  FleetSource source(30, true);
  for (const bool colour : {false, true})
    for (int columns = 60; columns <= 220; columns += 7)
      for (const int rows : {12, 13, 24, 31, 60}) {
        tui::State state;
        state.position = 29;
        const auto drawn = tui::draw(state, source, {columns, rows}, {colour, true});
        ASSERT_EQ(drawn.lines.size(), static_cast<std::size_t>(rows));
        for (const std::string& line : plain(drawn.lines))
          ASSERT_EQ(format::columns(line), columns) << columns << "x" << rows << ": " << line;
      }
}

TEST(Picture, WithoutColourThereIsNoneAndInAsciiNothingElse) {
  FleetSource source(30, true);
  tui::State state;
  state.position = 29;
  const auto colourless = tui::draw(state, source, {120, 40}, {.colour = false, .unicode = true});
  for (const std::string& line : colourless.lines)
    for (int code = 30; code <= 37; ++code)
      EXPECT_EQ(line.find(fmt::format("\x1b[{}m", code)), std::string::npos) << line;
  const auto ascii = tui::draw(state, source, {120, 40}, {.colour = true, .unicode = false});
  for (const std::string& line : ascii.lines)
    for (const char c : line) ASSERT_GE(c, 0) << line;
}

TEST(Picture, ANameFromOutsideMovesNoCursor) {
  FleetSource source(1, true);
  tui::State state;
  for (const std::string& line : tui::draw(state, source, {160, 48}, {}).lines)
    EXPECT_EQ(line.find("\x1b[2J"), std::string::npos);
}

TEST(Picture, SaysWhatIsTooSmallAndWhatIsNotThereYet) {
  FleetSource source(3, true);
  tui::State state;
  EXPECT_THAT(joined(tui::draw(state, source, {40, 10}, {}).lines), HasSubstr("this is 40 x 10"));
  FleetSource nothing(0, true);
  EXPECT_THAT(joined(tui::draw(state, nothing, {80, 24}, {}).lines), HasSubstr("waiting"));
}

}  // namespace
}  // namespace assay::test
