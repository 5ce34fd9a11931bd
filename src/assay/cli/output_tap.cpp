// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/output_tap.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <regex.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace assay::cli {
namespace {

constexpr std::size_t kLongestLine = 65536;  // what is longer is looked at in pieces
constexpr int kQuietMs = 50;  // without output for so long, an ended child has said all
constexpr std::chrono::seconds kLastWait{1};

std::optional<double> number_in(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ',' && c != '_') digits += c;
  char* end = nullptr;
  const double value = std::strtod(digits.c_str(), &end);
  if (end == digits.c_str()) return std::nullopt;
  return value;
}

void write_all(const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(STDOUT_FILENO, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // nobody reads any more: the child's own affair
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

}  // namespace

Result<NumberFinder> NumberFinder::compile(const std::string& pattern) {
  auto regex = std::make_unique<regex_t>();
  const int code = regcomp(regex.get(), pattern.c_str(), REG_EXTENDED);
  if (code == 0) return NumberFinder(regex.release());
  std::array<char, 200> why{};
  regerror(code, regex.get(), why.data(), why.size());
  return Error{ErrorCode::invalid_argument,
               fmt::format("--tokens-from '{}' is no regular expression (POSIX extended): {}",
                           pattern, why.data())};
}

NumberFinder::NumberFinder(NumberFinder&& other) noexcept
    : regex_(std::exchange(other.regex_, nullptr)), sum_(other.sum_) {}

NumberFinder::~NumberFinder() {
  const std::unique_ptr<regex_t> owned(static_cast<regex_t*>(regex_));
  if (owned) regfree(owned.get());
}

void NumberFinder::line(const std::string& text) {
  const auto* regex = static_cast<const regex_t*>(regex_);
  std::array<regmatch_t, 2> match{};
  const char* at = text.c_str();
  int flags = 0;
  while (*at != '\0' && regexec(regex, at, match.size(), match.data(), flags) == 0) {
    const regmatch_t& group = match[1].rm_so >= 0 ? match[1] : match[0];
    const auto length = static_cast<std::size_t>(group.rm_eo - group.rm_so);
    if (const auto value = number_in({at + group.rm_so, length})) sum_ = sum_.value_or(0) + *value;
    at += match[0].rm_eo > 0 ? match[0].rm_eo : 1;
    flags = REG_NOTBOL;
  }
}

Result<std::unique_ptr<OutputTap>> OutputTap::open(NumberFinder finder) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) == 0)
    return std::unique_ptr<OutputTap>(new OutputTap(std::move(finder), ends[0], ends[1]));
  return Error{ErrorCode::io, fmt::format("can't make a pipe: {}", std::strerror(errno))};
}

OutputTap::OutputTap(NumberFinder finder, int read_fd, int write_fd)
    : finder_(std::move(finder)),
      read_fd_(read_fd),
      write_fd_(write_fd),
      over_fd_(eventfd(0, EFD_CLOEXEC)) {}

OutputTap::~OutputTap() {
  finish();
  close(over_fd_);
  close(read_fd_);
  if (write_fd_ >= 0) close(write_fd_);
}

void OutputTap::start() {
  close(std::exchange(write_fd_, -1));
  thread_ = std::thread([this] { pump(); });
}

bool OutputTap::pass_on() {
  std::array<char, 65536> buffer;
  const ssize_t got = ::read(read_fd_, buffer.data(), buffer.size());
  if (got <= 0) return got < 0 && errno == EINTR;
  const auto size = static_cast<std::size_t>(got);
  write_all(buffer.data(), size);
  for (const char c : std::string_view(buffer.data(), size)) {
    if (c != '\n' && c != '\r' && line_.size() < kLongestLine) {
      line_ += c;
      continue;
    }
    finder_.line(line_);
    line_.clear();
  }
  return true;
}

void OutputTap::pump() {
  std::array<pollfd, 2> waited{{{read_fd_, POLLIN, 0}, {over_fd_, POLLIN, 0}}};
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> until;
  for (;;) {
    const int ready = poll(waited.data(), until ? 1 : 2, until ? kQuietMs : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (!until && waited[1].revents != 0) until = Clock::now() + kLastWait;
    if (ready <= 0 || (until && Clock::now() > *until)) break;
    if (waited[0].revents != 0 && !pass_on()) break;
  }
  finder_.line(line_);
}

std::optional<double> OutputTap::finish() {
  if (thread_.joinable()) {
    eventfd_write(over_fd_, 1);
    thread_.join();
  }
  return finder_.sum();
}

}  // namespace assay::cli
