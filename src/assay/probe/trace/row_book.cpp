// SPDX-License-Identifier: Apache-2.0
#include "assay/probe/trace/row_book.hpp"

#include <algorithm>
#include <string_view>

#include "assay/sample/kernels.hpp"

namespace assay::probe::trace {

void Row::launch(std::uint64_t duration, std::uint32_t stream) {
  ++launches;
  total += duration;
  shortest = std::min(shortest, duration);
  longest = std::max(longest, duration);
  const bool known = !streams.empty() && streams.back() == stream;
  if (!known && streams.size() < sample::kStreamsCounted &&
      std::ranges::find(streams, stream) == streams.end())
    streams.push_back(stream);
}

void Row::settle(double launches_in_burst) {
  squares += in_burst * in_burst;
  products += in_burst * launches_in_burst;
  in_burst = 0;
  is_in_burst = false;
}

std::size_t RowBook::Hash::operator()(const RowKey& key) const {
  return std::hash<std::string_view>()({reinterpret_cast<const char*>(&key), sizeof key});
}

Row& RowBook::at(const RowKey& key) {
  if (last_ != nullptr && key == last_key_) return *last_;
  auto found = rows_.find(key);
  if (found == rows_.end()) {
    if (rows_.size() >= most_) return rest_;
    found = rows_.emplace(key, Row{}).first;
  }
  last_key_ = key;
  last_ = &found->second;
  return *last_;
}

}  // namespace assay::probe::trace
