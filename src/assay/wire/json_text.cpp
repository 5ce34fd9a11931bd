// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/json_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "assay/wire/json.hpp"

#include <nlohmann/json.hpp>

namespace assay::wire {
namespace {

template <typename Number>
void append_number(std::string& out, Number value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

bool is_plain(char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; }

}  // namespace

void append_json(std::string& out, double value) { append_number(out, value); }
void append_json(std::string& out, float value) { append_number(out, value); }

void append_json(std::string& out, std::string_view text) {
  if (std::ranges::all_of(text, is_plain)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  out += line_of(Json(text));
}

}  // namespace assay::wire
