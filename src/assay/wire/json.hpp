// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "assay/sample/sample.hpp"

// Pieces of JSON that several verbs write. The library's own header is heavy: a .cpp that builds
// documents includes it beside this one.
namespace assay::wire {

using Json = nlohmann::ordered_json;

// A number, or null where there is none; JSON has no NaN either.
Json number(std::optional<double> value);
Json optional_integer(std::optional<std::int64_t> value);

template <typename T>
auto number(const std::optional<T>& quantity) {
  return number(quantity ? std::optional<double>(quantity->value()) : std::optional<double>());
}

// R of docs/json.md: value, state, source, window_s, reason.
Json reading_json(const sample::Reading<double>& reading);

template <typename T>
auto reading_json(const sample::Reading<T>& reading) {
  return reading_json(
      sample::detail::convert<double>(reading, [](T value) { return value.value(); }));
}

// One line; bytes that are no UTF-8 become U+FFFD.
std::string line_of(const Json& json);

}  // namespace assay::wire
