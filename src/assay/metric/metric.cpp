// SPDX-License-Identifier: Apache-2.0
#include "assay/metric/metric.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace assay::metric {
namespace {

constexpr std::array<Def, kCount> kTable = {{
#define ASSAY_METRIC(id, unit, kind, source, help) \
  {Id::id, #id, unit_of<unit>(), Kind::kind, Source::source, help},
#include "assay/metric/metrics.def"
#undef ASSAY_METRIC
}};

constexpr std::array<std::string_view, 9> kSourceNames = {
    "none", "nvml", "gpm", "pm-sampling", "trace", "lab", "catalog", "config", "computed"};

}  // namespace

std::span<const Def> all() { return kTable; }
const Def& def(Id id) { return kTable[index(id)]; }

std::optional<Id> find(std::string_view name) {
  static const auto kByName = [] {
    std::unordered_map<std::string_view, Id> map;
    for (const Def& row : kTable) map.emplace(row.name, row.id);
    return map;
  }();
  const auto it = kByName.find(name);
  if (it == kByName.end()) return std::nullopt;
  return it->second;
}

std::string_view to_string(Id id) { return def(id).name; }

std::string_view to_string(Unit unit) {
  switch (unit) {
    case Unit::ratio: return "ratio";
    case Unit::watts: return "watts";
    case Unit::joules: return "joules";
    case Unit::bytes: return "bytes";
    case Unit::bytes_per_second: return "bytes_per_second";
    case Unit::hertz: return "hertz";
    case Unit::celsius: return "celsius";
    case Unit::count: return "count";
  }
  return "count";
}

std::string_view to_string(Kind kind) { return kind == Kind::gauge ? "gauge" : "counter"; }

std::string_view to_string(Source source) { return kSourceNames[static_cast<std::size_t>(source)]; }

std::optional<Source> parse_source(std::string_view name) {
  const auto* it = std::ranges::find(kSourceNames, name);
  if (it == kSourceNames.end()) return std::nullopt;
  return static_cast<Source>(it - kSourceNames.begin());
}

}  // namespace assay::metric
