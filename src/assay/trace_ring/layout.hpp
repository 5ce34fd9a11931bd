// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

// What lies in the file: a Page, then `slots` slots, a power of two. Both sides are built from this
// header and travel in one program, so there is no byte order and only one version to care for; the
// magic keeps a stranger's file out.
//
// Thread rule: one writer at a time (the traced process sees to that), one reader. `written`
// belongs to the writer and `read` to the reader; both only grow, and a slot's place is its number
// modulo `slots`. Slots are whole before `written` passes them (release, acquire).
namespace assay::trace_ring {

inline constexpr std::uint64_t kMagic = 0x31676e6972797361;  // "asyring1"
inline constexpr std::size_t kPageBytes = 4096;
inline constexpr std::size_t kSlotBytes = 64;
inline constexpr std::uint32_t kDefaultSlots = 1U
                                               << 17;  // 8 MiB: 0.4 s at 300,000 launches a second
inline constexpr std::uint32_t kFewestSlots = 1U << 6;
inline constexpr std::uint32_t kMostSlots = 1U << 20;
inline constexpr std::uint32_t kLongestText = 8192;  // bytes of a name; longer ones are cut

// Environment by which assay tells the tracer what to do.
inline constexpr const char* kFolderVariable = "ASSAY_TRACE_DIR";    // where rings are made
inline constexpr const char* kGraphVariable = "ASSAY_TRACE_GRAPHS";  // "whole": one record a graph
inline constexpr const char* kBurstVariable = "ASSAY_TRACE_BURST_MS";    // "5/100": on for / every
inline constexpr const char* kKindsVariable = "ASSAY_TRACE_KINDS";       // for measuring: see Plan
inline constexpr const char* kSlotsVariable = "ASSAY_TRACE_RING_SLOTS";  // for tests: a small ring
inline constexpr const char* kRingSuffix = ".ring";
// A process that could have no ring leaves a symbolic link of that suffix instead, which needs
// neither room nor a descriptor nor a limit that allows files. It points at "EXECUTABLE/why not".
inline constexpr const char* kRefusedSuffix = ".refused";

enum class State : std::uint32_t {
  starting,  // the tracer is setting up
  tracing,
  failed,  // the process runs untraced; Page::trouble says why
  ended,   // everything traced has been written
};

// All text is ended by a zero, and cut to fit.
struct Page {
  std::uint64_t magic = kMagic;
  std::uint32_t slots = 0;
  std::uint32_t cupti_version = 0;  // CUPTI_API_VERSION of the library in use
  std::int64_t pid = 0;
  std::int64_t cupti_to_unix_ns = 0;  // add to a CUPTI timestamp to get Unix time
  std::atomic<std::uint32_t> state{0};
  std::array<char, 64> process{};  // name of the executable
  std::array<char, 512> cupti{};   // path of the library in use
  std::array<char, 512> trouble{};
  // When tracing began and ended, CUPTI's clock; ended = 0 while it goes on.
  std::atomic<std::uint64_t> began{0};
  std::atomic<std::uint64_t> ended{0};

  alignas(kSlotBytes) std::atomic<std::uint64_t> written{0};  // slots so far
  // Records that were there but could not be passed on: no room in the ring, no buffer for CUPTI,
  // or a shape that the tracer does not know.
  std::atomic<std::uint64_t> lost_full{0};
  std::atomic<std::uint64_t> lost_cupti{0};
  std::atomic<std::uint64_t> not_understood{0};

  alignas(kSlotBytes) std::atomic<std::uint64_t> read{0};  // slots so far
  // The reader has gone: tracing is pointless and should end.
  std::atomic<std::uint32_t> reader_gone{0};
};
static_assert(sizeof(Page) <= kPageBytes);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

enum class Kind : std::uint8_t { none, kernel, copy, synchronization, name, device, burst };

// Flags of a kernel.
inline constexpr std::uint8_t kInGraph = 1;     // a node of a graph
inline constexpr std::uint8_t kWholeGraph = 2;  // a graph's launch; `graph` says which

// Times are CUPTI's nanoseconds. Streams and devices are numbered as the traced process sees them.
struct KernelSlot {
  Kind kind = Kind::kernel;
  std::uint8_t flags = 0;
  std::uint16_t device = 0;
  std::uint32_t name = 0;  // the id of a name slot that came before; 0: the driver gave no name
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint32_t stream = 0;
  std::array<std::uint32_t, 3> grid{};
  std::array<std::uint16_t, 3> block{};
  std::uint16_t registers = 0;
  std::uint32_t static_shared = 0;
  std::uint32_t dynamic_shared = 0;
  std::uint32_t graph = 0;
  // The driver's number of the launch, its lower half. It numbers all launches of a process, traced
  // or not (seen with CUPTI 13.0), so that bursts tell what was launched between them.
  std::uint32_t launch = 0;
};

struct CopySlot {
  Kind kind = Kind::copy;
  std::uint8_t way = 0;  // CUpti_ActivityMemcpyKind, or kMemset
  std::uint16_t device = 0;
  std::uint32_t stream = 0;
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, 4> unused{};
};
inline constexpr std::uint8_t kMemset = 255;

// A synchronization (host time), or a burst of tracing: begin = a burst opens and what follows was
// traced in it; `end` is 0 then, and given when it closes.
struct SpanSlot {
  Kind kind = Kind::synchronization;
  std::array<std::uint8_t, 7> unused{};
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::array<std::uint64_t, 5> unused_too{};
};

// A name or a device; its text follows in the next ceil(length / 64) slots.
struct TextSlot {
  Kind kind = Kind::name;
  std::uint8_t unused = 0;
  std::uint16_t device = 0;
  std::uint32_t id = 0;  // of a name, from 1
  std::uint32_t length = 0;
  std::uint32_t sm_count = 0;
  std::uint32_t cc_major = 0;
  std::uint32_t cc_minor = 0;
  std::array<std::uint8_t, 16> uuid{};
  std::array<std::uint64_t, 3> unused_too{};
};

using Slot = std::array<std::byte, kSlotBytes>;
static_assert(sizeof(KernelSlot) == kSlotBytes && sizeof(CopySlot) == kSlotBytes);
static_assert(sizeof(SpanSlot) == kSlotBytes && sizeof(TextSlot) == kSlotBytes);

inline constexpr std::size_t slots_of_text(std::size_t length) {
  return (length + kSlotBytes - 1) / kSlotBytes;
}
inline constexpr std::size_t file_bytes(std::uint32_t slots) {
  return kPageBytes + std::size_t{slots} * kSlotBytes;
}

}  // namespace assay::trace_ring
