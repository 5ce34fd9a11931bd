// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/catalog_view.hpp"

#include <nlohmann/json.hpp>
#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;

namespace {

using catalog::Chip;
using catalog::Figure;

double bare(int value) { return value; }
template <typename T>
double bare(T value) {
  return value.value();
}

template <typename T>
Json figure_json(const Chip& chip, const Figure<T>& figure) {
  const catalog::Source& source = chip.source_of(figure);
  return {{"value", bare(figure.value)},
          {"source", source.title},
          {"url", source.url.empty() ? Json(nullptr) : Json(source.url)},
          {"date", source.date},
          {"confidence", catalog::to_string(figure.confidence)}};
}

template <typename T>
Json figure_json(const Chip& chip, const std::optional<Figure<T>>& figure) {
  return figure ? figure_json(chip, *figure) : Json(nullptr);
}

template <typename T>
Json price_json(const Chip& chip, const std::optional<catalog::PriceRange<T>>& price) {
  if (!price) return nullptr;
  const catalog::Source& source = chip.source_of(*price);
  return {{"low", number(price->low)},
          {"typical", number(price->typical)},
          {"high", number(price->high)},
          {"source", source.title},
          {"url", source.url.empty() ? Json(nullptr) : Json(source.url)},
          {"date", source.date},
          {"confidence", catalog::to_string(price->confidence)}};
}

Json memory_json(const Chip& chip) {
  Json tiers = Json::array();
  for (const catalog::MemoryTier& tier : chip.memory)
    tiers.push_back({{"technology", tier.technology},
                     {"capacity_bytes", figure_json(chip, tier.capacity)},
                     {"usable_bytes", figure_json(chip, tier.usable)},
                     {"bytes_per_second", figure_json(chip, tier.bandwidth)}});
  return tiers;
}

Json peaks_json(const Chip& chip) {
  Json peaks = Json::array();
  for (const catalog::Peak& peak : chip.peaks)
    peaks.push_back({{"dtype", catalog::to_string(peak.dtype)},
                     {"engine", catalog::to_string(peak.engine)},
                     {"accumulator", catalog::to_string(peak.accumulator)},
                     {"clock_hz", number(peak.clock)},
                     {"dense_flops_per_second", figure_json(chip, peak.rate)}});
  return peaks;
}

Json links_json(const Chip& chip) {
  Json links = Json::array();
  for (const catalog::Link& link : chip.links)
    links.push_back({{"role", catalog::to_string(link.role)},
                     {"name", link.name},
                     {"lanes", link.lanes ? Json(*link.lanes) : Json(nullptr)},
                     {"domain", link.domain ? Json(*link.domain) : Json(nullptr)},
                     {"bytes_per_second_one_way", figure_json(chip, link.one_way)}});
  return links;
}

Json to_json(const Chip& chip) {
  Json capability = nullptr;
  if (chip.compute_capability)
    capability = {chip.compute_capability->major, chip.compute_capability->minor};
  return {{"id", chip.id},
          {"name", chip.name},
          {"vendor", chip.vendor},
          {"kind", catalog::to_string(chip.kind)},
          {"architecture", chip.architecture},
          {"aliases", chip.aliases},
          {"nvml_names", chip.nvml_names},
          {"compute_capability", capability},
          {"unit", chip.unit},
          {"units", figure_json(chip, chip.units)},
          {"max_clock_hz", figure_json(chip, chip.max_clock)},
          {"tdp_w", figure_json(chip, chip.tdp)},
          {"memory", memory_json(chip)},
          {"peaks", peaks_json(chip)},
          {"links", links_json(chip)},
          {"rental_usd_per_hour", price_json(chip, chip.rental)},
          {"purchase_usd", price_json(chip, chip.purchase)},
          {"notes", chip.notes}};
}

}  // namespace

std::string catalog_json(const catalog::Catalog& catalog) {
  Json chips = Json::array();
  for (const Chip& chip : catalog.all()) chips.push_back(to_json(chip));
  return line_of({{"schema", "assay.catalog/1"}, {"chips", std::move(chips)}}) + "\n";
}

std::string chip_json(const Chip& chip) {
  Json json = {{"schema", "assay.chip/1"}};
  json.update(to_json(chip));
  return line_of(json) + "\n";
}

std::string check_json(std::size_t files, std::span<const Error> problems, std::size_t recalled) {
  Json list = Json::array();
  for (const Error& problem : problems) list.push_back(problem.message);
  return line_of({{"schema", "assay.check/1"},
                  {"files", files},
                  {"problems", list},
                  {"recalled_figures", recalled}}) +
         "\n";
}

}  // namespace assay::cli
