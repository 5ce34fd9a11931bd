// SPDX-License-Identifier: Apache-2.0
// Roofs as TOML. The one file of the lab that knows the TOML library.
#include <cmath>
#include <sstream>

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
#include <fmt/format.h>
#include <toml++/toml.h>

#include "assay/lab/roofs.hpp"

namespace assay::lab {
namespace {

constexpr std::string_view kSchemaName = "assay.roofs/";
constexpr std::string_view kSchema = "assay.roofs/1";

// One row a figure; both directions walk it. Unit types differ, so each row is a visit.
template <typename Visit>
void each_figure(Visit visit) {
  visit("dram_copy_bytes_per_second", &Roofs::dram_copy);
  visit("dram_read_bytes_per_second", &Roofs::dram_read);
  visit("pcie_h2d_bytes_per_second", &Roofs::pcie_h2d);
  visit("fp32_flops_per_second", &Roofs::fp32);
  visit("fp64_flops_per_second", &Roofs::fp64);
  visit("bf16_tensor_flops_per_second", &Roofs::bf16_tensor);
  visit("sm_clock_hertz", &Roofs::sm_clock);
}

template <typename Visit>
void each_text(Visit visit) {
  visit("device_uuid", &Roofs::device_uuid);
  visit("device_name", &Roofs::device_name);
  visit("measured_at", &Roofs::measured_at);
  visit("assay_version", &Roofs::assay_version);
  visit("tensor_via", &Roofs::tensor_via);
}

Error corrupt(std::string_view why) {
  return {ErrorCode::corrupt,
          fmt::format("the roofs file is damaged ({}); run `assay lab` to measure it anew", why)};
}

Status check_schema(const toml::table& table) {
  const auto schema = table["schema"].value<std::string>();
  if (schema == kSchema) return {};
  if (schema && schema->starts_with(kSchemaName))
    return Error{
        ErrorCode::version_refused,
        fmt::format("the roofs file has format {} and this assay reads {}; update assay or "
                    "run `assay lab` to measure anew",
                    *schema, kSchema)};
  return corrupt("it has no schema = \"assay.roofs/1\"");
}

}  // namespace

std::string to_text(const Roofs& roofs) {
  toml::table table{{"schema", kSchema}};
  each_text([&](const char* key, auto member) { table.insert(key, roofs.*member); });
  each_figure([&](const char* key, auto member) {
    if (roofs.*member) table.insert(key, (roofs.*member)->value());
  });
  std::ostringstream out;
  out << "# Measured by `assay lab`; other verbs use it in place of the datasheet.\n"
      << table << '\n';
  return out.str();
}

Result<Roofs> parse_roofs(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return corrupt(fmt::format("line {}: {}", parsed.error().source().begin.line,
                               parsed.error().description()));
  const toml::table& table = parsed.table();
  TRY(check_schema(table));
  Roofs roofs;
  std::string wrong;
  each_text([&](const char* key, auto member) {
    if (const auto value = table[key].value<std::string>()) roofs.*member = *value;
    else wrong = key;
  });
  each_figure([&](const char* key, auto member) {
    if (!table.contains(key)) return;
    const auto value = table[key].value<double>();
    if (value && std::isfinite(*value) && *value > 0) (roofs.*member).emplace(*value);
    else wrong = key;
  });
  if (roofs.device_uuid.empty()) wrong = "device_uuid";
  if (!wrong.empty()) return corrupt(fmt::format("{} has no sound value", wrong));
  return roofs;
}

}  // namespace assay::lab
