// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/claim_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "assay/catalog/dtypes.hpp"
#include "assay/catalog/figure_reader.hpp"
#include "assay/catalog/id.hpp"
#include "assay/text/word_reader.hpp"

namespace assay::catalog {
namespace {

constexpr std::array kVerdicts{Verdict::confirmed, Verdict::partly, Verdict::contradicted,
                               Verdict::unverified};
constexpr std::array kStances{Stance::supports, Stance::against, Stance::context};
constexpr std::array kMeasures{Measure::peak,      Measure::bandwidth, Measure::capacity,
                               Measure::usable,    Measure::tdp,       Measure::scale_up,
                               Measure::scale_out, Measure::units};

std::optional<double> read_number(text::TomlTable& table, std::string_view key, bool needed,
                                  text::Problems& problems) {
  const text::TomlNode* node = needed ? table.need(key) : table.get(key);
  if (node == nullptr || !text::sound_number(*node, table.place(key), problems))
    return std::nullopt;
  return node->number;
}

// value and unit stand together or not at all.
std::optional<Stated> read_stated(text::TomlTable& table, text::Problems& problems) {
  const bool there = table.get("value") != nullptr || table.get("unit") != nullptr;
  if (!there) return std::nullopt;
  const auto value = read_number(table, "value", true, problems);
  const std::string unit = table.need_text("unit");
  if (!value || unit.empty()) return std::nullopt;
  return Stated{*value, unit};
}

std::optional<Quotient> read_quotient(const text::TomlNode& node, text::Problems& problems) {
  text::TomlTable table(node, "[[evidence]] quotient", problems);
  const auto of = read_number(table, "of", true, problems);
  const auto over = read_number(table, "over", true, problems);
  table.finish();
  if (!of || !over) return std::nullopt;
  return Quotient{*of, *over};
}

std::optional<FromCatalog> read_catalog(const text::TomlNode& node, text::Problems& problems) {
  text::TomlTable table(node, "[[evidence]] catalog", problems);
  FromCatalog out;
  const auto measure = text::read_word(table, "measure", kMeasures, true);
  const auto dtype = text::read_word(table, "dtype", kDtypes, measure == Measure::peak);
  out.of = table.need_text("of");
  out.over = table.text("over");
  table.finish();
  if (!measure) return std::nullopt;
  out.measure = *measure;
  out.dtype = dtype.value_or(Dtype::bf16);
  return out;
}

void check_quotient(text::TomlTable& row, const Evidence& evidence) {
  const auto* quotient = std::get_if<Quotient>(&evidence.arithmetic);
  if (quotient == nullptr || !evidence.figure) return;
  constexpr double kTolerance = 0.005;
  const double right = quotient->of / quotient->over;
  if (std::abs(evidence.figure->value / right - 1) < kTolerance) return;
  row.problem_here(fmt::format("value in [[evidence]] is {}, but {} / {} is {:.4g}",
                               evidence.figure->value, quotient->of, quotient->over, right));
}

Evidence read_evidence(const text::TomlNode& node, FigureReader& figures,
                       text::Problems& problems) {
  text::TomlTable row(node, "[[evidence]]", problems);
  Evidence out;
  out.text = row.need_text("text");
  out.stance = text::read_word(row, "stance", kStances, true).value_or(Stance::context);
  out.figure = read_stated(row, problems);
  const text::TomlNode* quotient = row.get("quotient");
  const text::TomlNode* catalog = row.get("catalog");
  const auto table = [&](const text::TomlNode* at) {
    if (at == nullptr) return false;
    if (at->kind == text::TomlNode::Kind::table) return true;
    row.problem(*at, fmt::format("{} is {}: write a table {{of, over}}", row.place(at->key),
                                 text::describe(at->kind)));
    return false;
  };
  if (table(quotient)) {
    if (auto read = read_quotient(*quotient, problems)) out.arithmetic = *read;
  }
  if (table(catalog)) {
    if (auto read = read_catalog(*catalog, problems)) out.arithmetic = *std::move(read);
  }
  if (quotient != nullptr && catalog != nullptr) {
    row.problem_here("[[evidence]] has a quotient and catalog: a figure follows from one");
  }
  if ((quotient != nullptr || catalog != nullptr) && !out.figure) {
    row.problem_here("[[evidence]] says how its figure follows and gives none: add value and unit");
  }
  const auto origin = catalog != nullptr ? figures.row_origin(row) : figures.need_row_origin(row);
  if (origin) {
    out.source = origin->source;
    out.confidence = origin->confidence;
  } else {
    static_cast<void>(row.get("confidence"));
  }
  check_quotient(row, out);
  row.finish();
  return out;
}

}  // namespace

Claim read_claim(const text::TomlNode& root, std::string_view file, text::Problems& problems) {
  text::TomlTable top(root, "", problems);
  Claim claim;
  claim.file = std::string(file);
  claim.id = read_id(top, file);
  claim.statement = top.need_text("statement");
  claim.said_by = top.need_text("said_by");
  claim.chips = top.texts("chips");
  claim.baselines = top.texts("baselines");
  claim.workload = top.text("workload");
  claim.verdict = text::read_word(top, "verdict", kVerdicts, true).value_or(Verdict::unverified);
  claim.finding = top.need_text("finding");
  claim.figure = read_stated(top, problems);
  FigureReader figures(read_sources(top, problems), problems);
  if (const auto origin = figures.need_row_origin(top)) {
    claim.source = origin->source;
    claim.confidence = origin->confidence;
  } else {
    static_cast<void>(top.get("confidence"));
  }
  for (const text::TomlNode* node : top.tables("evidence")) {
    claim.evidence.push_back(read_evidence(*node, figures, problems));
  }
  if (claim.evidence.empty()) top.problem_here("[[evidence]] is missing: a verdict rests on some");
  top.finish();
  claim.sources = figures.finish(problems.empty() ? top.get("sources") : nullptr);
  return claim;
}

}  // namespace assay::catalog
