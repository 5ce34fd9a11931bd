// SPDX-License-Identifier: Apache-2.0
#include "assay/trace_ring/reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace assay::trace_ring {
namespace {

// How much is taken at once: small enough to stay in the cache.
constexpr std::uint64_t kMostAtOnce = 4096;

template <std::size_t n>
std::string text_of(const std::array<char, n>& field) {
  return {field.data(), strnlen(field.data(), n)};
}

// The number of slots of a file of that size, or 0 if a ring can't be of that size.
std::uint32_t slots_in(off_t bytes) {
  if (bytes <= static_cast<off_t>(kPageBytes)) return 0;
  const std::uint64_t rest = static_cast<std::uint64_t>(bytes) - kPageBytes;
  const std::uint64_t slots = rest / kSlotBytes;
  const bool sound = rest % kSlotBytes == 0 && std::has_single_bit(slots) && slots <= kMostSlots;
  return sound ? static_cast<std::uint32_t>(slots) : 0;
}

}  // namespace

Result<Reader> Reader::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return Error{ErrorCode::not_found,
                 fmt::format("can't open the trace ring {}: {}", path, std::strerror(errno))};
  struct stat info{};
  const bool known = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  const std::uint32_t slots = known ? slots_in(info.st_size) : 0;
  void* memory = MAP_FAILED;
  if (slots != 0)
    memory = mmap(nullptr, file_bytes(slots), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (memory == MAP_FAILED)
    return Error{ErrorCode::corrupt, fmt::format("{} is no trace ring: its size is wrong", path)};
  auto* page = static_cast<Page*>(memory);
  if (page->magic == kMagic && page->slots == slots) return Reader(page, slots);
  munmap(memory, file_bytes(slots));
  return Error{ErrorCode::corrupt, fmt::format("{} is no trace ring: its mark is wrong", path)};
}

Reader::~Reader() {
  if (page_ != nullptr) munmap(page_, file_bytes(slots_));
}

Reader::Reader(Reader&& other) noexcept
    : page_(std::exchange(other.page_, nullptr)),
      slots_(other.slots_),
      read_(other.read_),
      copied_(std::move(other.copied_)) {}

Reader& Reader::operator=(Reader&& other) noexcept {
  std::swap(page_, other.page_);
  std::swap(slots_, other.slots_);
  std::swap(read_, other.read_);
  std::swap(copied_, other.copied_);
  return *this;
}

std::span<const Slot> Reader::take() {
  const std::uint64_t written = page_->written.load(std::memory_order_acquire);
  // More than a ring full can't be: then the count was scribbled on, and what is there is no use.
  if (written < read_ || written - read_ > slots_) read_ = written;
  const std::uint64_t count = std::min(written - read_, kMostAtOnce);
  copied_.resize(count);
  const auto* slots = reinterpret_cast<const std::byte*>(page_) + kPageBytes;
  for (std::uint64_t i = 0; i < count; ++i)
    std::memcpy(&copied_[i], slots + ((read_ + i) & (slots_ - 1)) * kSlotBytes, kSlotBytes);
  read_ += count;
  page_->read.store(read_, std::memory_order_release);
  return copied_;
}

void Reader::leave() { page_->reader_gone.store(1, std::memory_order_release); }

State Reader::state() const {
  return static_cast<State>(page().state.load(std::memory_order_acquire));
}

std::string Reader::process() const { return text_of(page().process); }
std::string Reader::cupti() const { return text_of(page().cupti); }
std::string Reader::trouble() const { return text_of(page().trouble); }

std::uint64_t Reader::lost() const {
  return page().lost_full.load() + page().lost_cupti.load() + page().not_understood.load();
}

}  // namespace assay::trace_ring
