// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace assay::wire {

Json number(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return *value;
}

Json optional_integer(std::optional<std::int64_t> value) {
  return value ? Json(*value) : Json(nullptr);
}

Json reading_json(const sample::Reading<double>& reading) {
  return {{"value", number(reading.raw())},
          {"state", sample::to_string(reading.state())},
          {"source", metric::to_string(reading.source())},
          {"window_s", reading.window().value()},
          {"reason", reading.reason() == sample::Reason::none
                         ? Json(nullptr)
                         : Json(sample::to_string(reading.reason()))}};
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace assay::wire
