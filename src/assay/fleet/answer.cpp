// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/answer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace assay::fleet {
namespace {

using Json = nlohmann::json;

Error corrupt(std::string_view what) {
  return {ErrorCode::corrupt, fmt::format("the answer is none of Prometheus' API: {}", what)};
}

// [time, "value"]
std::optional<double> sample_of(const Json& pair) {
  if (!pair.is_array() || pair.size() != 2 || !pair[1].is_string()) return std::nullopt;
  const std::string& text = pair[1].get_ref<const std::string&>();
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = code == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// The document, once it says that it succeeded and has a result of this type.
Result<Json> result_of(std::string_view text, std::string_view type) {
  Json document = Json::parse(text, nullptr, false);
  if (!document.is_object()) return corrupt("it is no JSON object");
  if (text_of(document, "status") == "error")
    return Error{ErrorCode::invalid_argument, text_of(document, "error").substr(0, 400)};
  const auto data = document.find("data");
  if (data == document.end() || !data->is_object() || text_of(*data, "resultType") != type ||
      !data->contains("result") || !(*data)["result"].is_array())
    return corrupt(fmt::format("it holds no {}", type));
  return document;
}

exposition::Labels labels_of(const Json& row) {
  exposition::Labels labels;
  const auto metric = row.find("metric");
  if (metric == row.end() || !metric->is_object()) return labels;
  for (const auto& [name, value] : metric->items())
    if (value.is_string()) labels.push_back({name, value.get<std::string>()});
  return labels;
}

}  // namespace

double Answer::only(double otherwise) const {
  return rows.empty() ? otherwise : rows.front().value;
}

Result<Answer> parse_vector(std::string_view json) {
  TRY_ASSIGN(const Json document, result_of(json, "vector"));
  Answer answer;
  const auto partial = document.find("isPartial");
  answer.partial = partial != document.end() && partial->is_boolean() && partial->get<bool>();
  if (const auto warnings = document.find("warnings");
      warnings != document.end() && warnings->is_array())
    for (const Json& each : *warnings)
      if (each.is_string()) answer.warnings.push_back(each.get<std::string>().substr(0, 400));
  for (const Json& row : document["data"]["result"]) {
    if (!row.is_object() || !row.contains("value")) return corrupt("a row has no value");
    if (const auto value = sample_of(row["value"])) answer.rows.push_back({labels_of(row), *value});
  }
  return answer;
}

Result<Trace> parse_trace(std::string_view json) {
  TRY_ASSIGN(const Json document, result_of(json, "matrix"));
  Trace trace;
  const Json& result = document["data"]["result"];
  if (result.empty()) return trace;
  if (!result[0].is_object() || !result[0].contains("values") || !result[0]["values"].is_array())
    return corrupt("a series has no values");
  for (const Json& pair : result[0]["values"])
    if (const auto value = sample_of(pair)) trace.values.push_back(*value);
  return trace;
}

}  // namespace assay::fleet
