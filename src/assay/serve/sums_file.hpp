// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "assay/sample/sample.hpp"
#include "assay/serve/bucket.hpp"
#include "assay/serve/derived.hpp"

namespace assay::serve {

// The derived values of ten seconds, as they lie beside a recording: to climb the ladder anew for
// each window of a week would take minutes.
inline constexpr std::int64_t kSumsStep = 10'000'000'000;

// Gathers windows and appends each ten seconds to a file. A file that can't be written is left as
// it is: the recording holds the truth, and a damaged record is passed over when read.
class SumsWriter {
 public:
  SumsWriter(std::string path, const sample::Origin& origin, const std::vector<std::string>& uuids);
  void add(std::int64_t at_ns, const std::vector<DerivedValues>& devices);
  void flush();

 private:
  std::string path_;
  std::string header_;  // until it is written
  std::int64_t span_ = -1;
  std::vector<std::array<store::Bucket, kDerivedCount>> sums_;  // by device
};

// Whose values: a file of another origin has none of them.
struct SumsKey {
  const sample::Origin* origin = nullptr;
  std::string_view uuid;
  std::size_t derived = 0;
};

// Adds what lies on the grid: records that begin in [from, before).
void read_sums(const std::string& path, const SumsKey& key, const Grid& grid, std::int64_t before,
               std::vector<store::Bucket>& buckets);

}  // namespace assay::serve
