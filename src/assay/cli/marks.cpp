// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/marks.hpp"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "assay/cli/wall_clock.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;

namespace {

// A line longer than this is cut off and kept as a note: a child that writes without newlines must
// not fill the recorder's memory.
constexpr std::size_t kLongestLine = 1 << 20;

void close_if_open(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace

MarkWriter MarkWriter::from_environment() {
  MarkWriter writer;
  const char* text = std::getenv(kMarksVariable);
  if (text == nullptr) return writer;
  int fd = -1;
  const auto [rest, code] = std::from_chars(text, text + std::strlen(text), fd);
  if (code == std::errc() && *rest == '\0' && fcntl(fd, F_GETFD) >= 0) writer.fd_ = fd;
  return writer;
}

void MarkWriter::write(const sample::Event& event) const {
  if (fd_ < 0) return;
  const std::string line = format_mark(event) + "\n";
  std::size_t sent = 0;
  while (sent < line.size()) {
    const ssize_t n = ::write(fd_, line.data() + sent, line.size() - sent);
    if (n <= 0) return;  // the recorder is gone; the program goes on
    sent += static_cast<std::size_t>(n);
  }
}

MarkPipe::MarkPipe() {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return;
  read_fd_ = ends[0];
  write_fd_ = ends[1];
  fcntl(read_fd_, F_SETFL, O_NONBLOCK);
}

MarkPipe::~MarkPipe() {
  close_if_open(read_fd_);
  close_if_open(write_fd_);
}

void MarkPipe::close_write_end() { close_if_open(write_fd_); }

std::vector<sample::Event> MarkPipe::drain() {
  std::vector<sample::Event> events;
  std::array<char, 4096> buffer;
  ssize_t n = 0;
  while (read_fd_ >= 0 && (n = read(read_fd_, buffer.data(), buffer.size())) > 0) {
    pending_.append(buffer.data(), static_cast<std::size_t>(n));
    std::size_t start = 0;
    for (std::size_t end = 0; (end = pending_.find('\n', start)) != std::string::npos;
         start = end + 1)
      events.push_back(
          parse_mark(std::string_view(pending_).substr(start, end - start), wall_now()));
    pending_.erase(0, start);
    if (pending_.size() > kLongestLine) {
      events.push_back(parse_mark(pending_, wall_now()));
      pending_.clear();
    }
  }
  return events;
}

sample::Event parse_mark(std::string_view line, sample::WallTime now) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  sample::Event event{now, -1, "note", std::string(line)};
  if (!json.is_object() || !json.contains("kind") || !json["kind"].is_string()) return event;
  event.kind = json["kind"].get<std::string>();
  event.text = json.contains("text") && json["text"].is_string() ? json["text"].get<std::string>()
                                                                 : std::string();
  if (json.contains("at_unix_ns") && json["at_unix_ns"].is_number_integer())
    event.at.unix_ns = json["at_unix_ns"].get<std::int64_t>();
  if (json.contains("device") && json["device"].is_number_integer())
    event.device = json["device"].get<int>();
  return event;
}

std::string format_mark(const sample::Event& event) {
  return line_of({{"kind", event.kind},
                  {"text", event.text},
                  {"device", event.device},
                  {"at_unix_ns", event.at.unix_ns}});
}

}  // namespace assay::cli
