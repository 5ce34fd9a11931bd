// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/chip_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "assay/catalog/chip_check.hpp"
#include "assay/catalog/figure_reader.hpp"
#include "assay/catalog/id.hpp"
#include "assay/catalog/row_reader.hpp"
#include "assay/text/word_reader.hpp"

namespace assay::catalog {
namespace {

constexpr std::array kKinds{ChipKind::cpu,  ChipKind::gpu, ChipKind::fpga,
                            ChipKind::asic, ChipKind::apu, ChipKind::cim};

std::optional<ComputeCapability> read_capability(text::TomlTable& top) {
  const text::TomlNode* node = top.get("compute_capability");
  if (node == nullptr) return std::nullopt;
  const std::string& text = node->text;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t dot = text.find('.');
  const bool shaped = node->kind == text::TomlNode::Kind::string && (dot == 1 || dot == 2) &&
                      text.size() == dot + 2 && digit(text.back()) &&
                      std::ranges::all_of(text.substr(0, dot), digit);
  if (!shaped) {
    top.problem(*node, "compute_capability must be a string such as \"9.0\"");
    return std::nullopt;
  }
  int major = 0;
  for (std::size_t i = 0; i < dot; ++i) major = major * 10 + (text[i] - '0');
  return ComputeCapability{major, text.back() - '0'};
}

void read_identity(text::TomlTable& top, std::string_view file, Chip& chip) {
  chip.file = std::string(file);
  chip.id = read_id(top, file);
  chip.name = top.need_text("name");
  chip.vendor = top.need_text("vendor");
  chip.kind = text::read_word(top, "kind", kKinds, true).value_or(ChipKind::gpu);
  chip.architecture = top.text("architecture");
  chip.process = top.text("process");
  chip.notes = top.text("notes");
  chip.aliases = top.texts("aliases");
  chip.nvml_names = top.texts("nvml_names");
  chip.compute_capability = read_capability(top);
  chip.unit = top.text("unit");
}

}  // namespace

Chip read_chip(const text::TomlNode& root, std::string_view file, text::Problems& problems) {
  text::TomlTable top(root, "", problems);
  Chip chip;
  read_identity(top, file, chip);
  FigureReader figures(read_sources(top, problems), problems);
  chip.year = figures.whole(top, "year");
  chip.units = figures.whole(top, "units");
  chip.fp32_per_unit = figures.whole(top, "fp32_per_unit");
  chip.max_clock = figures.quantity(top, "max_clock_mhz", megahertz);
  chip.l2 = figures.quantity(top, "l2_mib", mib);
  chip.tdp = figures.quantity(top, "tdp_w", [](double n) { return Watts(n); });
  chip.util_sample_period = figures.quantity(top, "nvml_util_sample_ms", milliseconds);
  for (const text::TomlNode* node : top.tables("memory")) {
    chip.memory.push_back(read_tier(*node, figures, problems));
  }
  const auto peak_rows = top.tables("peak");
  for (const text::TomlNode* node : peak_rows) {
    if (auto peak = read_peak(*node, figures, problems)) chip.peaks.push_back(*std::move(peak));
  }
  for (const text::TomlNode* node : top.tables("link")) {
    if (auto link = read_link(*node, figures, problems)) chip.links.push_back(*std::move(link));
  }
  read_price(top, figures, problems, chip);
  if (problems.empty()) check_complete(chip, root, problems);
  check_arithmetic(chip, peak_rows, problems);
  top.finish();
  chip.sources = figures.finish(problems.empty() ? top.get("sources") : nullptr);
  return chip;
}

}  // namespace assay::catalog
