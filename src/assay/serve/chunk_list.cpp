// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/chunk_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>

#include "assay/format/format.hpp"

namespace assay::serve {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kDateSize = 20;  // "2026-11-22T08-40-12Z"

std::optional<Chunk> parse_name(const std::filesystem::path& path) {
  if (path.extension() != ".assay") return std::nullopt;
  const std::string name = path.stem().string();
  const std::size_t underscore = name.find('_');
  if (underscore == std::string::npos || name.size() != underscore + 1 + kDateSize)
    return std::nullopt;
  Chunk chunk;
  const char* end = name.data() + underscore;
  const auto [rest, error] = std::from_chars(name.data(), end, chunk.number);
  if (error != std::errc() || rest != end || chunk.number < 0) return std::nullopt;
  std::string date = name.substr(underscore + 1);
  date[13] = date[16] = ':';
  const auto start = format::parse_wall(date);
  if (!start) return std::nullopt;
  chunk.start_ns = start->unix_ns;
  chunk.stem = (path.parent_path() / path.stem()).string();
  return chunk;
}

}  // namespace

std::int64_t Chunk::bytes() const {
  std::int64_t sum = 0;
  for (const std::string& path : {recording(), sums(), recording() + "-journal"}) {
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    if (!code) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

void Chunk::remove() const {
  for (const std::string& path : {recording(), sums(), recording() + "-journal"}) {
    std::error_code code;
    std::filesystem::remove(path, code);
  }
}

Chunk make_chunk(const std::string& folder, std::int64_t number, std::int64_t start_ns) {
  Chunk chunk;
  chunk.number = number;
  chunk.start_ns = start_ns - start_ns % kSecond;
  std::string date = format::wall_iso({chunk.start_ns}).substr(0, 19) + "Z";
  std::ranges::replace(date, ':', '-');
  chunk.stem = fmt::format("{}/{:06}_{}", folder, number, date);
  return chunk;
}

std::vector<Chunk> list_chunks(const std::string& folder) {
  std::vector<Chunk> chunks;
  std::error_code code;
  for (std::filesystem::directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code))
    if (auto chunk = parse_name(it->path())) chunks.push_back(*std::move(chunk));
  std::ranges::sort(chunks, {}, &Chunk::number);
  for (std::size_t i = 0; i + 1 < chunks.size(); ++i)
    // Where the clock was set back, nobody knows.
    if (chunks[i + 1].start_ns >= chunks[i].start_ns)
      chunks[i].end_ns = chunks[i + 1].start_ns + kSecond;
  return chunks;
}

}  // namespace assay::serve
