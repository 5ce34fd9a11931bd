// SPDX-License-Identifier: Apache-2.0
#include "serve/schema.hpp"

#include <algorithm>

namespace assay::test {
namespace {

using nlohmann::json;

std::string type_of(const json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

bool allows(const json& type, const std::string& actual) {
  if (type.is_string()) return type == actual;
  return std::ranges::find(type, json(actual)) != type.end();
}

}  // namespace

std::vector<std::string> faults(const json& document, const json& schema, const json& value,
                                const std::string& at) {
  if (schema.contains("$ref")) {
    const std::string target = schema["$ref"].get<std::string>().substr(1);
    return faults(document, document.at(json::json_pointer(target)), value, at);
  }
  if (!schema.contains("type")) return {};
  if (!allows(schema["type"], type_of(value)))
    return {at + ": " + type_of(value) + " where " + schema["type"].dump() + " is documented"};
  std::vector<std::string> found;
  const auto add = [&](const std::vector<std::string>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end())
    found.push_back(at + ": " + value.dump() + " is not documented");
  if (value.is_array() && schema.contains("items"))
    for (const json& item : value) add(faults(document, schema["items"], item, at + "[]"));
  if (!value.is_object()) return found;
  for (const json& name : schema.value("required", json::array()))
    if (!value.contains(name.get<std::string>())) found.push_back(at + ": no " + name.dump());
  const json properties = schema.value("properties", json::object());
  for (const auto& [name, member] : value.items()) {
    if (properties.contains(name)) add(faults(document, properties[name], member, at + "." + name));
    else if (!schema.contains("additionalProperties"))
      found.push_back(at + "." + name + " is not documented");
    else if (schema["additionalProperties"].is_object())
      add(faults(document, schema["additionalProperties"], member, at + "." + name));
  }
  return found;
}

}  // namespace assay::test
