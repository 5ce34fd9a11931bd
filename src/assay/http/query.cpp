// SPDX-License-Identifier: Apache-2.0
#include "assay/http/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace assay::http {
namespace {

constexpr std::size_t kMostParameters = 64;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// How many bytes follow this first byte of a UTF-8 sequence; -1: it can't be one.
int following(unsigned char first) {
  if (first < 0x80) return 0;
  if (first >= 0xc2 && first < 0xe0) return 1;
  if (first >= 0xe0 && first < 0xf0) return 2;
  if (first >= 0xf0 && first < 0xf5) return 3;
  return -1;
}

// RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    const int more = following(first);
    if (more < 0 || text.size() - i < static_cast<std::size_t>(more)) return false;
    std::uint32_t point = more == 0 ? first : first & (0x3fU >> more);
    for (int k = 0; k < more; ++k) {
      const auto byte = static_cast<unsigned char>(text[i++]);
      if ((byte & 0xc0) != 0x80) return false;
      point = point << 6 | (byte & 0x3fU);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && point < 0x10000)) return false;
    if ((point >= 0xd800 && point < 0xe000) || point > 0x10ffff) return false;
  }
  return true;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_blank) {
      decoded += ' ';
    } else if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
      if (low < 0)
        return Error{ErrorCode::invalid_argument,
                     "a % in the URL lacks its two hexadecimal digits"};
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (std::ranges::any_of(decoded, is_control) || !is_utf8(decoded))
    return Error{ErrorCode::invalid_argument,
                 "the URL holds a control character or bytes that are no UTF-8"};
  return decoded;
}

Result<Query> Query::parse(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    TRY_ASSIGN(std::string name, percent_decode(pair.substr(0, equals), true));
    TRY_ASSIGN(std::string value,
               percent_decode(pair.substr(std::min(equals + 1, pair.size())), true));
    if (query.find(name) != nullptr)
      return Error{ErrorCode::invalid_argument, fmt::format("\"{}\" is given twice", name)};
    if (query.parameters_.size() == kMostParameters)
      return Error{ErrorCode::invalid_argument,
                   fmt::format("more than {} parameters", kMostParameters)};
    query.parameters_.emplace_back(std::move(name), std::move(value));
  }
  return query;
}

const std::string* Query::find(std::string_view name) const {
  const auto found = std::ranges::find(parameters_, name,
                                       [](const auto& p) -> const std::string& { return p.first; });
  return found == parameters_.end() ? nullptr : &found->second;
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) encoded += c;
    else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace assay::http
