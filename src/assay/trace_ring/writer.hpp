// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <string_view>
#include <type_traits>

#include "assay/trace_ring/layout.hpp"

namespace assay::trace_ring {

// Puts text into one of the page's fields.
template <std::size_t n>
void set_text(std::array<char, n>& field, std::string_view text) {
  const std::size_t length = text.size() < n - 1 ? text.size() : n - 1;
  std::memcpy(field.data(), text.data(), length);
  field[length] = '\0';
}

// The traced process's side. Never waits, never allocates; one thread at a time.
class Writer {
 public:
  Writer() = default;
  // A mapping of file_bytes(slots), all zero but for what the page's constructor set.
  Writer(Page* page, std::uint32_t slots)
      : page_(page),
        slots_(reinterpret_cast<std::byte*>(page) + kPageBytes),
        capacity_(slots),
        written_(page->written.load(std::memory_order_relaxed)) {}

  // False, and counted as lost, where the ring is full. Becomes visible with publish(), or by
  // itself every kPublishEvery slots.
  template <typename S>
  bool push(const S& slot) {
    static_assert(sizeof(S) == kSlotBytes && std::is_trivially_copyable_v<S>);
    if (!room_for(1)) return lose();
    put(&slot, kSlotBytes);
    if (written_ - published_ >= kPublishEvery) publish();
    return true;
  }
  // The slot and its text, all or nothing.
  bool push(TextSlot slot, std::string_view text) {
    if (text.size() > kLongestText) text = text.substr(0, kLongestText);
    slot.length = static_cast<std::uint32_t>(text.size());
    if (!room_for(1 + slots_of_text(text.size()))) return false;
    put(&slot, kSlotBytes);
    for (std::size_t at = 0; at < text.size(); at += kSlotBytes)
      put(text.data() + at, text.size() - at < kSlotBytes ? text.size() - at : kSlotBytes);
    return true;
  }
  void publish() {
    page_->written.store(written_, std::memory_order_release);
    published_ = written_;
  }

 private:
  static constexpr std::uint64_t kPublishEvery = 256;

  bool room_for(std::size_t count) {
    if (written_ + count - read_ <= capacity_) return true;
    publish();
    read_ = page_->read.load(std::memory_order_acquire);
    return written_ + count - read_ <= capacity_;
  }
  bool lose() {
    page_->lost_full.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  void put(const void* bytes, std::size_t count) {
    std::memcpy(slots_ + (written_ & (capacity_ - 1)) * kSlotBytes, bytes, count);
    ++written_;
  }

  Page* page_ = nullptr;
  std::byte* slots_ = nullptr;
  std::uint64_t capacity_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t published_ = 0;
  std::uint64_t read_ = 0;  // the reader's place when last looked
};

}  // namespace assay::trace_ring
