// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/trace_ring/layout.hpp"

namespace assay::trace_ring {

// assay's side of one ring. Nothing that stands in the file is trusted: sizes come from the file
// system, counts are bounded, text is cut. One thread; move only.
class Reader {
 public:
  // Maps the file. not_found: there is no such file, or it is not ready yet (try again); corrupt:
  // it is no ring.
  static Result<Reader> open(const std::string& path);
  ~Reader();
  Reader(Reader&& other) noexcept;
  Reader& operator=(Reader&& other) noexcept;

  // Copies of what has come since, oldest first, a few thousand at most; their room in the ring is
  // free again. Empty when there is nothing new. The span lives until the next call.
  std::span<const Slot> take();
  // From now on nobody reads: the traced process stops tracing.
  void leave();

  [[nodiscard]] State state() const;
  [[nodiscard]] std::int64_t pid() const { return page().pid; }
  [[nodiscard]] std::uint32_t cupti_version() const { return page().cupti_version; }
  [[nodiscard]] std::int64_t cupti_to_unix_ns() const { return page().cupti_to_unix_ns; }
  [[nodiscard]] std::string process() const;
  [[nodiscard]] std::string cupti() const;
  [[nodiscard]] std::string trouble() const;
  [[nodiscard]] std::uint64_t began() const { return page().began.load(); }
  [[nodiscard]] std::uint64_t ended() const { return page().ended.load(); }
  [[nodiscard]] std::uint64_t lost() const;  // all three counts together
  [[nodiscard]] std::uint64_t not_understood() const { return page().not_understood.load(); }

 private:
  Reader(Page* page, std::uint32_t slots) : page_(page), slots_(slots) {}
  [[nodiscard]] const Page& page() const { return *page_; }

  Page* page_ = nullptr;
  std::uint32_t slots_ = 0;
  std::uint64_t read_ = 0;
  std::vector<Slot> copied_;
};

}  // namespace assay::trace_ring
