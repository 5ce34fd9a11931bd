// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/top_loop.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "assay/cli/stop_signal.hpp"
#include "assay/cli/terminal.hpp"
#include "assay/tui/picture.hpp"

namespace assay::cli {
namespace {

using Clock = std::chrono::steady_clock;

// A lone ESC is the key, if nothing follows it so soon.
constexpr int kEscapeMs = 50;

class Loop {
 public:
  Loop(TopSource& source, const tui::Look& look, int bell)
      : source_(source), look_(look), bell_(bell) {}

  void run() {
    while (!state_.quit && stop_signal() == 0) {
      if (Terminal::take_stop_request()) {
        terminal_.suspend();
        changed_ = true;
      }
      if (Terminal::take_continued()) {
        terminal_.take_back();
        changed_ = true;
      }
      changed_ = Terminal::take_resize() || changed_;
      step_time();
      if (changed_) draw();
      wait();
    }
  }

 private:
  // A recording plays on by its own period.
  void step_time() {
    if (source_.take_new()) {
      tui::advance(state_, source_);
      changed_ = true;
    }
    if (source_.live() || state_.paused || Clock::now() < next_) return;
    next_ = Clock::now() + length();
    if (started_) changed_ = tui::advance(state_, source_) || changed_;
    started_ = true;  // the first window is shown for its time too
  }

  [[nodiscard]] Clock::duration length() const {
    return std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(source_.period().value()));
  }

  void draw() {
    const auto [columns, rows] = Terminal::extent();
    tui::Picture picture = tui::draw(state_, source_, {columns, rows}, look_);
    terminal_.show(picture.lines);
    drawn_ = std::move(picture.drawn);
    changed_ = false;
  }

  [[nodiscard]] int patience() const {
    if (keys_.waiting()) return kEscapeMs;
    if (source_.live() || state_.paused || state_.position >= source_.last()) return -1;
    const auto left = std::chrono::duration<double, std::milli>(next_ - Clock::now()).count();
    return static_cast<int>(std::clamp(std::ceil(left), 0.0, 60'000.0));
  }

  void wait() {
    std::array<pollfd, 2> ready = {{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                    {.fd = bell_, .events = POLLIN, .revents = 0}}};
    const int count = ::poll(ready.data(), ready.size(), patience());
    if (count == 0) return act(keys_.flush());
    if (count < 0) return;  // a signal: the loop looks
    std::uint64_t rung = 0;
    if ((ready[1].revents & POLLIN) != 0) static_cast<void>(::read(bell_, &rung, sizeof rung));
    if (ready[0].revents == 0) return;
    std::string bytes;
    if (!terminal_.read(bytes)) state_.quit = true;
    act(keys_.feed(bytes));
  }

  void act(const std::vector<tui::Input>& inputs) {
    for (const tui::Input& input : inputs) {
      tui::react(state_, input, source_, drawn_);
      changed_ = true;
    }
  }

  TopSource& source_;
  tui::Look look_;
  int bell_;
  Terminal terminal_;
  tui::State state_;
  tui::Drawn drawn_;
  tui::KeyParser keys_;
  Clock::time_point next_;
  bool changed_ = true;
  bool started_ = false;
};

}  // namespace

void top_loop(TopSource& source, const tui::Look& look, int bell) {
  catch_stop_signals();
  ring_on_signals(bell);
  Terminal::ring(bell);
  Loop(source, look, bell).run();
  Terminal::ring(-1);
  ring_on_signals(-1);
}

}  // namespace assay::cli
