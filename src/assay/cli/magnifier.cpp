// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/magnifier.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/child.hpp"
#include "assay/ladder/ladder.hpp"

namespace assay::cli {
namespace {

using Clock = Magnifier::Clock;

constexpr std::chrono::milliseconds kOften{20};
constexpr std::chrono::milliseconds kGrace{1000};
constexpr std::size_t kMostText = 1 << 20;

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  static Result<Pipe> open() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      return Error{ErrorCode::io, "no pipe could be had"};
    return Pipe{ends[0], ends[1]};
  }
  void close_writing() { close(std::exchange(write_end, -1)); }
};

// All that it prints until it ends; ended by force at `until` or when `over`.
Result<std::string> output_until(Child& child, int read_end, Clock::time_point until,
                                 const std::atomic<bool>& over) {
  std::string text;
  std::array<char, 65536> buffer;
  bool asked_to_end = false;
  for (;;) {
    pollfd ready{read_end, POLLIN, 0};
    ::poll(&ready, 1, static_cast<int>(kOften.count()));
    const ssize_t n = read(read_end, buffer.data(), buffer.size());
    if (n > 0 && text.size() < kMostText) text.append(buffer.data(), static_cast<std::size_t>(n));
    if (n == 0 || (n < 0 && child.poll())) break;
    const auto now = Clock::now();
    if (!over && now < until) continue;
    // It gives the counters back when it is asked to end.
    child.signal(std::exchange(asked_to_end, true) ? (now < until + kGrace ? 0 : SIGKILL)
                                                   : SIGTERM);
    if (over) until = std::min(until, now);
  }
  child.wait();
  if (asked_to_end)
    return Error{ErrorCode::timeout, "the look with the microscope took too long and was ended"};
  return text;
}

// The last line: what a refusal says, or the document.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const std::size_t begin = text.rfind('\n');
  return begin == std::string::npos ? text : text.substr(begin + 1);
}

Result<causes::Magnified> seen_in(const std::string& text) {
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Error{ErrorCode::corrupt, "the look printed no JSON"};
  const auto active = json.find("while_active");
  const auto part = [&](const char* name) -> std::optional<double> {
    if (active == json.end() || !active->is_object()) return std::nullopt;
    const auto it = active->find(name);
    return it != active->end() && it->is_number() ? std::optional(it->get<double>()) : std::nullopt;
  };
  return causes::Magnified{.lanes = part("lanes"), .issue = part("issue")};
}

Result<causes::Magnified> look_at(const Magnifier::Options& options, const std::string& uuid,
                                  const std::atomic<bool>& over) {
  TRY_ASSIGN(Pipe pipe, Pipe::open());
  auto child = Child::start(options.command, {{"CUDA_VISIBLE_DEVICES", uuid}}, -1, pipe.write_end,
                            pipe.write_end);
  pipe.close_writing();
  if (!child) {
    close(pipe.read_end);
    return child.error();
  }
  const auto text = output_until(*child, pipe.read_end, Clock::now() + options.longest, over);
  close(pipe.read_end);
  if (!text) return text.error();
  const std::string line = last_line(*text);
  if (child->wait() != 0) return Error{ErrorCode::not_supported, line};
  return seen_in(line);
}

}  // namespace

causes::Magnified seen_of(std::span<const MicroscopeLook> looks, const std::string& uuid) {
  const auto it = std::ranges::find(looks, uuid, &MicroscopeLook::uuid);
  return it == looks.end() ? causes::Magnified{} : it->seen;
}

std::vector<std::string> Magnifier::own_command() {
  return {"/proc/self/exe", "scope",      "--json",
          "--for",          "100ms",      "--interval",
          "100us",          "--channels", "sm_active,issue,lanes"};
}

Magnifier::Magnifier(Options options) : options_(std::move(options)) {}

Magnifier::~Magnifier() { static_cast<void>(finish()); }

void Magnifier::offer(const sample::DeviceFacts& device, const sample::Sample& working) {
  if (over_ || looking_) return;
  const auto now = Clock::now();
  std::unique_lock lock(mutex_);
  if (!trouble_.empty()) return;  // what was refused once is refused again
  auto known = std::ranges::find(devices_, device.uuid, &Device::uuid);
  if (known != devices_.end() && now - known->began < pause_after(*known)) return;
  lock.unlock();
  if (!options_.is_the_jobs(device.uuid)) return;
  const ladder::Ladder ladder = ladder::climb(working, {});
  const auto findings = causes::diagnose({.sample = working, .ladder = ladder});
  if (!causes::needs_microscope(findings)) return;

  lock.lock();
  if (known == devices_.end()) known = devices_.insert(known, Device{.uuid = device.uuid});
  known->began = now;
  ++known->begun;
  known->ended.reset();
  const auto place = static_cast<std::size_t>(known - devices_.begin());
  looking_ = true;
  if (thread_.joinable()) thread_.join();  // of a look that is over
  thread_ = std::thread([this, place] { look(place); });
}

// A long run is looked at again, more and more seldom.
Clock::duration Magnifier::pause_after(const Device& device) const {
  constexpr int kMostDoublings = 6;
  return options_.between * (1 << std::min(device.begun - 1, kMostDoublings));
}

void Magnifier::look(std::size_t device) {
  std::unique_lock lock(mutex_);
  const std::string uuid = devices_[device].uuid;
  lock.unlock();
  const auto seen = look_at(options_, uuid, over_);
  lock.lock();
  devices_[device].ended = Clock::now();
  if (seen) take(device, *seen);
  else if (!over_) trouble_ = seen.error().message;
  lock.unlock();
  looking_ = false;
}

void Magnifier::take(std::size_t device, const causes::Magnified& seen) {
  if (!seen.lanes || !seen.issue) return;  // nothing ran meanwhile
  Device& into = devices_[device];
  into.lanes += *seen.lanes * *seen.issue;
  into.weight += *seen.issue;
  into.issue += *seen.issue;
  ++into.looks;
}

bool Magnifier::restarted(const std::string& uuid, Clock::time_point since) const {
  const std::lock_guard lock(mutex_);
  const auto it = std::ranges::find(devices_, uuid, &Device::uuid);
  return it != devices_.end() && (!it->ended || *it->ended >= since);
}

std::vector<MicroscopeLook> Magnifier::finish() {
  over_ = true;
  if (thread_.joinable()) thread_.join();
  std::vector<MicroscopeLook> out;
  for (const Device& device : devices_) {
    if (device.looks == 0) continue;
    MicroscopeLook& look = out.emplace_back();
    look.uuid = device.uuid;
    look.looks = device.looks;
    if (device.weight > 0) look.seen.lanes = device.lanes / device.weight;
    look.seen.issue = device.issue / device.looks;
  }
  return out;
}

}  // namespace assay::cli
