// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string_view>

namespace assay::cli {
namespace {

// Alternate screen, no cursor, no wrapping, mouse buttons and the wheel as SGR reports; and back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1006h";
constexpr std::string_view kLeave = "\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[?25h\x1b[0m\x1b[?1049l";

// For the handler of fatal signals, which may use nothing else.
termios before;
volatile std::sig_atomic_t entered = 0;
volatile std::sig_atomic_t stop_requested = 0;
volatile std::sig_atomic_t resized = 0;
volatile std::sig_atomic_t continued = 0;
volatile std::sig_atomic_t bell = -1;

void send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::write(STDOUT_FILENO, text.data(), text.size());
    if (sent < 0 && errno != EINTR) return;
    if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void restore_now() {
  if (entered == 0) return;
  entered = 0;
  send(kLeave);
  tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

void on_fatal(int number) {
  restore_now();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void remember(int number) {
  const int error = errno;
  if (number == SIGTSTP) stop_requested = 1;
  if (number == SIGWINCH) resized = 1;
  if (number == SIGCONT) continued = 1;
  const std::uint64_t one = 1;
  if (bell >= 0) static_cast<void>(::write(bell, &one, sizeof one) < 0);
  errno = error;
}

void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, nullptr);
}

bool take(volatile std::sig_atomic_t& flag) {
  const bool was = flag != 0;
  flag = 0;
  return was;
}

}  // namespace

Status Terminal::check() {
  const char* term = std::getenv("TERM");
  const bool able = term != nullptr && *term != 0 && std::string_view(term) != "dumb";
  if (able && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1) return {};
  return Error{ErrorCode::invalid_argument,
               "assay top draws on a terminal that can move its cursor, and this is none; `assay "
               "--json` and `assay record` are for pipes and files"};
}

Terminal::Terminal() {
  tcgetattr(STDIN_FILENO, &before);
  for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT})
    handle(number, on_fatal, static_cast<int>(SA_RESETHAND));
  handle(SIGTSTP, remember, SA_RESTART);
  for (const int number : {SIGWINCH, SIGCONT}) handle(number, remember, SA_RESTART);
  enter();
}

Terminal::~Terminal() {
  leave();
  for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTSTP, SIGWINCH, SIGCONT})
    handle(number, SIG_DFL, 0);
}

void Terminal::enter() {
  termios raw = before;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // signals stay: Ctrl-C, Ctrl-Z
  raw.c_iflag &= ~static_cast<tcflag_t>(IXON);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  entered = 1;
  send(kEnter);
  shown_.clear();
}

void Terminal::leave() { restore_now(); }

void Terminal::suspend() {
  leave();
  handle(SIGTSTP, SIG_DFL, 0);
  std::raise(SIGTSTP);  // returns when somebody continues us
  handle(SIGTSTP, remember, SA_RESTART);
  take_back();
}

void Terminal::take_back() {
  continued = 0;
  enter();
}

void Terminal::show(const std::vector<std::string>& lines) {
  std::string out;
  if (shown_.size() != lines.size()) {
    out += "\x1b[2J";
    shown_.assign(lines.size(), "\x01");  // equal to no line
  }
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i] != shown_[i])
      fmt::format_to(std::back_inserter(out), "\x1b[{};1H\x1b[0m{}\x1b[0m", i + 1, lines[i]);
  shown_ = lines;
  send(out);
}

bool Terminal::read(std::string& bytes) {
  std::array<char, 1024> buffer;
  const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (got > 0) bytes.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

Terminal::Extent Terminal::extent() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {80, 24};
  return {size.ws_col, size.ws_row};
}

bool Terminal::take_stop_request() { return take(stop_requested); }
bool Terminal::take_resize() { return take(resized); }
bool Terminal::take_continued() { return take(continued); }
void Terminal::ring(int eventfd) { bell = eventfd; }

}  // namespace assay::cli
