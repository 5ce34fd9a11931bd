// SPDX-License-Identifier: Apache-2.0
// What keys and the mouse do.
#include <gmock/gmock.h>

#include <map>
#include <random>

#include "assay/tui/keys.hpp"
#include "assay/tui/picture.hpp"
#include "tui/fleet.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using tui::Column;
using tui::Focus;
using tui::Key;

constexpr tui::Size kSize{120, 40};

class Hands : public testing::Test {
 protected:
  explicit Hands(bool live = true) : source_(60, live) {
    state_.position = 59;
    look();
  }
  void look() { picture_ = tui::draw(state_, source_, kSize, {.colour = false, .unicode = true}); }
  void type(std::string_view bytes) {
    for (const tui::Input& input : keys_.feed(bytes)) {
      tui::react(state_, input, source_, picture_.drawn);
      look();
    }
  }
  void click(tui::Hit::What what, std::int64_t index) {
    for (const tui::Hit& hit : picture_.drawn.hits)
      if (hit.what == what && hit.index == index)
        return type("\x1b[<0;" + std::to_string(hit.x0 + 1) + ";" + std::to_string(hit.y + 1) +
                    "M");
    FAIL() << "nothing to click";
  }
  [[nodiscard]] std::string text() const { return joined(picture_.lines); }
  [[nodiscard]] std::vector<std::int64_t> pids() {
    std::vector<std::int64_t> out;
    for (const tui::ProcessRow* row : tui::process_order(*source_.at(state_.position), state_))
      out.push_back(row->process.pid);
    return out;
  }

  FleetSource source_;
  tui::State state_;
  tui::KeyParser keys_;
  tui::Picture picture_;
};

class RecordedHands : public Hands {
 protected:
  RecordedHands() : Hands(false) { state_.position = 0; }
};

TEST_F(Hands, PauseHoldsTheWindowWhileMoreAreMeasured) {
  EXPECT_THAT(text(), HasSubstr("LIVE"));
  type(" ");
  source_.grow();
  tui::advance(state_, source_);
  look();
  EXPECT_EQ(state_.position, 59);
  EXPECT_THAT(text(), HasSubstr("PAUSED 1 s ago"));
  type(" ");
  EXPECT_EQ(state_.position, 60);
  EXPECT_THAT(text(), HasSubstr("LIVE"));
}

TEST_F(Hands, SeekingStaysWithinWhatIsKept) {
  type("\x1b[D\x1b[D");
  EXPECT_EQ(state_.position, 57);
  type("\x1b[1;2D");
  EXPECT_EQ(state_.position, 0);
  type("\x1b[D");
  EXPECT_EQ(state_.position, 0);
  type("\x1b[C");
  EXPECT_EQ(state_.position, 1);
  type("\x1b[F");
  EXPECT_EQ(state_.position, 59);
  EXPECT_FALSE(state_.paused);
  for (int i = 0; i < 150; ++i) source_.grow();  // the oldest are dropped
  type("\x1b[H");
  EXPECT_EQ(state_.position, source_.first());
  EXPECT_GT(source_.first(), 0);
}

TEST_F(RecordedHands, PlaysOnAtItsSpeedAndStopsAtTheEnd) {
  EXPECT_TRUE(tui::advance(state_, source_));
  EXPECT_EQ(state_.position, 1);
  type("++");
  EXPECT_TRUE(tui::advance(state_, source_));
  EXPECT_EQ(state_.position, 5);
  look();
  EXPECT_THAT(text(), HasSubstr("PLAYING 4x"));
  for (int i = 0; i < 60; ++i) tui::advance(state_, source_);
  EXPECT_EQ(state_.position, 59);
  EXPECT_FALSE(tui::advance(state_, source_));
  look();
  EXPECT_THAT(text(), HasSubstr("AT THE END"));
  click(tui::Hit::What::window, 0);
  EXPECT_EQ(state_.position, 0);
  EXPECT_TRUE(state_.paused);
}

TEST_F(Hands, ProcessesSortByEachColumnWithTheUnknownLast) {
  type("N");
  EXPECT_EQ(pids().front(), 4000);
  type("N");
  EXPECT_EQ(pids().front(), 4100) << "the other way round";
  type("M");
  EXPECT_EQ(pids().front(), 4007);
  type("S");
  EXPECT_EQ(pids().front(), 4000) << "97 % of the SMs";
  const auto last = pids();
  EXPECT_THAT((std::vector<std::int64_t>{last.end() - 2, last.end()}),
              testing::UnorderedElementsAre(4007, 4100))
      << "two tenants: unknown, last either way";
  type("S");
  EXPECT_NE(pids().front(), 4007);
  EXPECT_NE(pids().front(), 4100);
  type("s");
  EXPECT_EQ(state_.sort, Column::place);
  click(tui::Hit::What::process_column, static_cast<std::int64_t>(Column::user));
  EXPECT_EQ(pids().front(), 4000) << "ann";
}

TEST_F(Hands, TheFilterMatchesWhatIsKnownAndEscapeDropsIt) {
  type("/LLM-0\r");
  EXPECT_EQ(pids(), (std::vector<std::int64_t>{4001}));
  EXPECT_THAT(text(), HasSubstr("filter: LLM-0"));
  EXPECT_FALSE(state_.quit) << "a q in a filter does not quit";
  type(
      "/\x7f\x7f\x7f\x7f\x7f"
      "4242\r");
  EXPECT_EQ(pids(), (std::vector<std::int64_t>{4002}));
  type("/xyz\r");
  EXPECT_THAT(text(), HasSubstr("no process matches"));
  for (const tui::Input& input : keys_.feed("\x1b")) ADD_FAILURE() << int(input.key);
  for (const tui::Input& input : keys_.flush()) tui::react(state_, input, source_, picture_.drawn);
  EXPECT_EQ(state_.filter, "");
  EXPECT_EQ(pids().size(), 7U);
}

TEST_F(Hands, TheTwoTablesAreWalkedAndClicked) {
  type("\x1b[B\x1b[B");
  EXPECT_EQ(state_.device, 2U);
  EXPECT_THAT(text(), HasSubstr(" GPU 2 "));
  type("a");
  EXPECT_EQ(pids(), (std::vector<std::int64_t>{4002}));
  type("a\t\x1b[B");
  EXPECT_EQ(state_.focus, Focus::processes);
  EXPECT_EQ(state_.process, 1U);
  type("\x1b[6~\x1b[6~");
  EXPECT_EQ(state_.process, pids().size() - 1) << "held to what there is";
  click(tui::Hit::What::device, 3);
  EXPECT_EQ(state_.device, 3U);
  EXPECT_EQ(state_.focus, Focus::devices);
  click(tui::Hit::What::device, 3);
  EXPECT_TRUE(state_.large) << "a second click makes it large";
  type("z");
  EXPECT_FALSE(state_.large);
}

TEST_F(Hands, WorstFirstPutsTheDearestLossOnTop) {
  type("w");
  const auto& frame = *source_.at(state_.position);
  const auto order = tui::device_order(frame, state_);
  EXPECT_EQ(order.front(), 4U) << "a lost device loses all";
  EXPECT_EQ(order[6], 0U) << "the one at 90 %";
  EXPECT_EQ(order[7], 3U) << "what it loses is not known";
}

TEST_F(Hands, UnknownIsNeverZeroAndSharesOfSmsAreOnlyToldWhereTrue) {
  const tui::Frame& frame = *source_.at(59);
  EXPECT_FALSE(frame.devices[3].sm_active.value());
  std::map<int, std::optional<double>> shares;
  for (const tui::ProcessRow& row : frame.processes) {
    const auto value = row.sm_share.value();
    shares[row.device] = value ? std::optional(value->value()) : std::nullopt;
  }
  EXPECT_EQ(shares[7], std::nullopt) << "two hold it";
  EXPECT_EQ(shares[3], std::nullopt) << "no counters";
  EXPECT_EQ(shares[5], std::nullopt) << "stale";
  EXPECT_EQ(shares[0], 0.97);
}

TEST_F(Hands, TheRunningLossIsTheSumOfItsWindows) {
  const auto& running = source_.at(59)->running;
  EXPECT_NEAR(running.over.value(), 60, 1e-9);
  EXPECT_TRUE(running.is_floor) << "a device is lost: what it costs is not known";
  // Six devices at $2.5 an hour are there; the lost and the stale one add nothing.
  EXPECT_NEAR(running.paid.value(), 6 * 2.5 / 60, 1e-9);
  EXPECT_GT(running.lost.value(), 0.5 * running.paid.value());
  EXPECT_LT(running.lost.value(), running.paid.value());
}

TEST_F(Hands, NoKeysBreakIt) {
  std::mt19937 random(11);
  const std::vector<std::string> all = {"q",
                                        "?",
                                        " ",
                                        "\t",
                                        "\r",
                                        "/",
                                        "a",
                                        "w",
                                        "z",
                                        "s",
                                        "r",
                                        "N",
                                        "S",
                                        "+",
                                        "-",
                                        "[",
                                        "]",
                                        "\x1b[A",
                                        "\x1b[B",
                                        "\x1b[C",
                                        "\x1b[D",
                                        "\x1b[5~",
                                        "\x1b[6~",
                                        "\x1b[H",
                                        "\x1b[F",
                                        "\x1bOP",
                                        "\x1b[17~",
                                        "\x7f",
                                        "x",
                                        "\x1b[<64;5;5M",
                                        "\x1b[<65;9;30M"};
  for (int round = 0; round < 1500; ++round) {
    std::string bytes = all[random() % all.size()];
    if (round % 7 == 0)
      bytes =
          "\x1b[<0;" + std::to_string(random() % 130) + ";" + std::to_string(random() % 45) + "M";
    if (round % 50 == 0) source_.grow();
    type(bytes);
    tui::advance(state_, source_);
    ASSERT_EQ(picture_.lines.size(), 40U);
    state_.quit = false;
  }
}

TEST(Keys, ASequenceMayComeInPieces) {
  std::mt19937 random(3);
  const std::string bytes =
      "a\x1b[A\x1b[1;5C\x1b[<0;12;7M\x1b[<0;12;7m\x1bOP\x1b[21~z\x1b[99~\x7f\r\t";
  tui::KeyParser whole;
  const auto wanted = whole.feed(bytes);
  EXPECT_EQ(wanted.size(), 10U);
  EXPECT_EQ(wanted[3], (tui::Input{.key = Key::press, .x = 11, .y = 6}));
  EXPECT_TRUE(wanted[2].shift);
  for (int round = 0; round < 500; ++round) {
    tui::KeyParser pieces;
    std::vector<tui::Input> got;
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t length = 1 + random() % 4;
      for (const tui::Input& input : pieces.feed(std::string_view(bytes).substr(at, length)))
        got.push_back(input);
      at += length;
    }
    ASSERT_EQ(got, wanted);
  }
}

TEST(Keys, GarbageIsSwallowedInBoundedMemory) {
  std::mt19937 random(5);
  tui::KeyParser parser;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes;
    for (auto i = random() % 8; i > 0; --i) {
      const auto dice = random() % 4;
      bytes += dice == 0 ? '\x1b' : dice == 1 ? '[' : static_cast<char>(random() % 256);
    }
    for (const tui::Input& input : parser.feed(bytes))
      ASSERT_TRUE(input.key != Key::character ||
                  (input.character >= ' ' && input.character <= '~'));
  }
  static_cast<void>(parser.flush());
  EXPECT_FALSE(parser.waiting());
  parser.feed("\x1b[" + std::string(100'000, '1'));
  EXPECT_FALSE(parser.waiting()) << "an endless sequence is dropped";
}

}  // namespace
}  // namespace assay::test
