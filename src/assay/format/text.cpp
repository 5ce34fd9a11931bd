// SPDX-License-Identifier: Apache-2.0
#include "assay/format/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::format {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

int columns(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      const std::size_t end = text.find('m', i);
      if (end == std::string_view::npos) break;
      i = end;
    } else if (starts_code_point(text[i])) {
      ++count;
    }
  }
  return count;
}

std::string fit_left(bool unicode, std::string_view text, int width) {
  const int have = columns(text);
  if (have <= width) return std::string(text).append(static_cast<std::size_t>(width - have), ' ');
  std::string cut;
  int used = 0;
  for (const char c : text) {
    if (starts_code_point(c) && ++used == width) break;
    cut.push_back(c);
  }
  return cut.append(unicode ? "…" : "~");
}

std::string fit_right(std::string_view text, int width) {
  const int have = columns(text);
  if (have >= width) return std::string(text);
  return std::string(static_cast<std::size_t>(width - have), ' ').append(text);
}

std::string printable(std::string_view text) {
  std::string safe(text);
  for (char& c : safe)
    if (c < 0x20 || c > 0x7e) c = '?';
  return safe;
}

std::string wrap(std::string_view text, int width, int indent) {
  const std::string lead(static_cast<std::size_t>(indent), ' ');
  std::string out;
  int used = width;  // forces the first word onto a line of its own start
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (used + 1 + columns(word) > width) {
      out.append(out.empty() ? "" : "\n").append(lead).append(word);
      used = indent + columns(word);
    } else {
      out.append(" ").append(word);
      used += 1 + columns(word);
    }
  }
  return out;
}

std::string bar(bool unicode, double share, int width) {
  static constexpr std::array<std::string_view, 8> kEighths = {"",  "▏", "▎", "▍",
                                                               "▌", "▋", "▊", "▉"};
  const int steps = unicode ? 8 : 1;
  const int whole = width * steps;
  int filled = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * whole));
  if (share > 0) filled = std::max(filled, 1);
  if (share < 1) filled = std::min(filled, whole - 1);
  std::string out;
  for (int i = 0; i < filled / steps; ++i) out.append(unicode ? "█" : "#");
  int used = filled / steps;
  if (unicode && filled % 8 != 0) {
    out.append(kEighths[static_cast<std::size_t>(filled % 8)]);
    ++used;
  }
  return out.append(static_cast<std::size_t>(width - used), unicode ? ' ' : '.');
}

std::string sparkline(bool unicode, std::span<const std::optional<double>> shares) {
  static constexpr std::array<std::string_view, 8> kBlocks = {"▁", "▂", "▃", "▄",
                                                              "▅", "▆", "▇", "█"};
  static constexpr std::string_view kAscii = "_.-:=+*#";
  std::string out;
  for (const std::optional<double>& share : shares) {
    if (!share) {
      out += '?';
      continue;
    }
    const double level = std::clamp(*share, 0.0, 1.0) * 8;
    const auto step = static_cast<std::size_t>(std::min(level, 7.0));
    if (unicode) out += kBlocks[step];
    else out += kAscii[step];
  }
  return out;
}

std::vector<int> apportion(std::span<const double> parts, int cells) {
  std::vector<int> whole(parts.size());
  double sum = 0;
  for (const double part : parts) sum += std::max(part, 0.0);
  if (!(sum > 0)) return whole;
  std::vector<std::pair<double, std::size_t>> rest;
  int used = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double exact = std::max(parts[i], 0.0) / sum * cells;
    whole[i] = static_cast<int>(exact);
    used += whole[i];
    rest.emplace_back(exact - whole[i], i);
  }
  std::ranges::stable_sort(rest, std::greater<>{}, &std::pair<double, std::size_t>::first);
  for (std::size_t i = 0; used < cells; ++i, ++used) ++whole[rest[i % rest.size()].second];
  return whole;
}

}  // namespace assay::format
