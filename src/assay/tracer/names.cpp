// SPDX-License-Identifier: Apache-2.0
#include "assay/tracer/names.hpp"

#include <cstring>

namespace assay::tracer {
namespace {

// FNV-1a, 64 bits.
std::uint64_t hash_of(const char* text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (; *text != '\0'; ++text) hash = (hash ^ static_cast<unsigned char>(*text)) * 0x100000001b3;
  return hash;
}

}  // namespace

std::uint32_t Names::define(std::size_t at, const char* name, std::uint64_t hash,
                            trace_ring::Writer& writer) {
  trace_ring::TextSlot slot;
  slot.id = static_cast<std::uint32_t>(at + 1);
  if (!writer.push(slot, {name, std::strlen(name)})) {
    entries_[at] = {};
    return kNoRoom;
  }
  entries_[at] = {name, hash, buffer_};
  return slot.id;
}

std::uint32_t Names::id_of(const char* name, trace_ring::Writer& writer) {
  if (name == nullptr) return 0;
  const auto address = reinterpret_cast<std::uintptr_t>(name);
  const std::size_t home = (address * 0x9e3779b97f4a7c15U) >> 51;  // the upper 13 bits: kEntries
  static_assert(kEntries == 1U << (64 - 51));
  for (std::size_t probe = 0; probe < kProbes; ++probe) {
    const std::size_t at = (home + probe) % kEntries;
    Entry& entry = entries_[at];
    if (entry.name == nullptr) return define(at, name, hash_of(name), writer);
    if (entry.name != name) continue;
    if (entry.buffer != buffer_) {
      const std::uint64_t hash = hash_of(name);
      if (hash != entry.hash) return define(at, name, hash, writer);
      entry.buffer = buffer_;
    }
    return static_cast<std::uint32_t>(at + 1);
  }
  return define(home, name, hash_of(name), writer);
}

}  // namespace assay::tracer
