// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "assay/probe/nvml/shared.hpp"

namespace assay::probe::nvml {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMostLead = 50'000'000;
// The driver's buffers hold some 20 s, and one round costs some 8 ms of CPU on an H100 (the driver
// spins while the GPU's firmware answers): a round a second would be eight times the budget.
constexpr std::int64_t kRound = 60 * kSecond;
// A look for Xids each second took the 1 Hz meter from 0.073 to 0.091 % of a core between its
// rounds (one H200), and over its budget of 0.1 % with them.
constexpr std::int64_t kLook = 5 * kSecond;

// Rounds of the slow lane: at once, before the end of the first window (one second at least), and
// then every kRound; a little ahead of the grid, so that what they find belongs to the window that
// is about to end. Between them a look for Xids about each kLook: such an event carries no time, so
// it is known as closely as it is looked for.
struct Rounds {
  std::int64_t first_ns;
  std::int64_t every_ns;
  std::int64_t look_ns;
  std::int64_t lead_ns;

  explicit Rounds(std::int64_t period_ns)
      : first_ns(std::min(
            kRound, period_ns * std::max<std::int64_t>(1, (kSecond + period_ns - 1) / period_ns))),
        every_ns(kRound / first_ns * first_ns),
        look_ns(period_ns > kLook ? period_ns / ((period_ns + kLook - 1) / kLook)
                                  : kLook / first_ns * first_ns),
        lead_ns(std::min(period_ns / 4, kMostLead)) {}

  // The first round that is due after `now_ns`.
  [[nodiscard]] std::int64_t next(std::int64_t epoch_ns, std::int64_t now_ns) const {
    const std::int64_t passed = now_ns + lead_ns - epoch_ns;
    if (passed < first_ns) return epoch_ns + first_ns - lead_ns;
    return epoch_ns + (std::max<std::int64_t>(0, passed / every_ns) + 1) * every_ns - lead_ns;
  }

  // The first look for Xids after `now_ns`; the round itself where that is as near.
  [[nodiscard]] std::int64_t next_look(std::int64_t epoch_ns, std::int64_t now_ns,
                                       std::int64_t round_ns) const {
    const std::int64_t passed = std::max<std::int64_t>(0, now_ns + lead_ns - epoch_ns);
    const std::int64_t look = epoch_ns + (passed / look_ns + 1) * look_ns - lead_ns;
    return look + look_ns / 2 >= round_ns ? round_ns : look;
  }
};

class SlowLane final : public Lane {
 public:
  SlowLane(Shared& shared, Slot& slot)
      : shared_(shared),
        slot_(slot),
        line_(*shared.nvml, *shared.clock, slot.slow),
        rounds_(shared.period_ns) {}

  // With the first window, when nobody waits, and then by rounds_.
  [[nodiscard]] std::int64_t due_ns() const override {
    return shared_.epoch_ns && slot_.baseline ? due_ns_ : kNotYet;
  }

  void step() override {
    const std::int64_t now = shared_.clock->now_ns();
    const bool known = take_device();
    // What was read while the device was gone says so: with the first look at it
    // when it is back, all is read anew.
    const bool whole = now >= round_due_ns_ || reopened_;
    {
      const std::lock_guard lock(shared_.mutex);
      if (whole) round_due_ns_ = rounds_.next(*shared_.epoch_ns, now);
      due_ns_ = rounds_.next_look(*shared_.epoch_ns, now, round_due_ns_);
    }
    if (!known) return;
    reopened_ = false;
    if (whole) round();
    else look();
    if (shared_.clock->now_ns() >= rare_due_ns_) rare_round();
  }

  void close() override { xids_.release(line_); }

 private:
  // Follows the fast lane when that opened the device anew.
  bool take_device() {
    std::int64_t generation = 0;
    Device device = nullptr;
    {
      const std::lock_guard lock(shared_.mutex);
      generation = slot_.generation;
      device = slot_.device;
    }
    if (device == nullptr) return false;
    if (generation != generation_) {
      if (generation_ != 0) look();  // what the old handle's events still tell: why it was lost
      xids_.release(line_);
      line_.set_device(device);
      reopened_ = generation_ != 0;
      generation_ = generation;
      rare_due_ns_ = 0;
    }
    return true;
  }

  void round() {
    line_.clear_trouble();
    entries_.clear();
    buffers_.utilization(line_, entries_);
    BufferReader::Shares shares = buffers_.process_shares(line_);
    read_xids();
    take_carry();
    for (std::size_t i = 0; i < kFastGroups.size(); ++i)
      if (slot_.demoted[i].load(std::memory_order_acquire)) kFastGroups[i](line_, carry_, entries_);
    shelve(2 * rounds_.every_ns, &shares);
  }

  void look() {
    line_.clear_trouble();
    entries_.clear();
    read_xids();
    shelve(2 * rounds_.every_ns, nullptr);
  }

  // After an Xid the counts of errors are worth a look at once.
  void read_xids() {
    const std::int64_t now = shared_.clock->now_ns();
    const std::int64_t before = std::exchange(looked_ns_, now);
    for (const std::uint64_t xid : xids_.read(line_, entries_)) {
      shared_.note(slot_.index, "xid",
                   fmt::format("the driver reported Xid {}, at most {:.1f} s before", xid,
                               std::ceil(static_cast<double>(now - before) * 1e-8) / 10));
      rare_due_ns_ = 0;
    }
  }

  // Limits and health.
  void rare_round() {
    line_.clear_trouble();
    rare_due_ns_ = shared_.clock->now_ns() + shared_.slow_period_ns - rounds_.every_ns / 2;
    for (const ReadGroup read : kSlowGroups) {
      entries_.clear();
      read(line_, carry_, entries_);
      shelve(2 * shared_.slow_period_ns + rounds_.every_ns, nullptr);
    }
  }

  // What the fast lane remembered of a group that it gave up: differences go on from there.
  void take_carry() {
    const std::lock_guard lock(slot_.shelf_mutex);
    const auto handed = std::exchange(slot_.shelf.carry, std::nullopt);
    if (handed && !carry_.energy) carry_ = *handed;
  }

  // Puts entries_ on the shelf, to be taken for good for `ns` and the deadline.
  void shelve(std::int64_t ns, BufferReader::Shares* shares) {
    const std::int64_t now = shared_.clock->now_ns();
    const std::int64_t until = now + ns + shared_.deadline_ns;
    const std::lock_guard lock(slot_.shelf_mutex);
    Shelf& shelf = slot_.shelf;
    for (const Entry& entry : entries_.list()) shelf.put(entry, now, until);
    if (shares == nullptr) return;
    shelf.shares = std::move(*shares);
    shelf.shares_read_ns = now;
    shelf.sampling_period = buffers_.sampling_period();
    shelf.shares_good_until_ns = until;
  }

  Shared& shared_;
  Slot& slot_;
  Line line_;
  const Rounds rounds_;
  BufferReader buffers_;
  XidWatch xids_;
  Carry carry_;
  Entries entries_;
  std::int64_t generation_ = 0;
  bool reopened_ = false;  // and not read since
  std::int64_t due_ns_ = kAtOnce;
  std::int64_t round_due_ns_ = kAtOnce;
  std::int64_t looked_ns_ = 0;  // for Xids
  std::int64_t rare_due_ns_ = 0;
};

}  // namespace

std::unique_ptr<Lane> make_slow_lane(Shared& shared, Slot& slot) {
  return std::make_unique<SlowLane>(shared, slot);
}

}  // namespace assay::probe::nvml
