// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/held_out_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "assay/calibrate/held_out.hpp"
#include "assay/cli/plan_data.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {
namespace {

using calibrate::Pair;
using calibrate::PairScore;

// One table's scores of one figure.
struct Part {
  std::string_view table;   // "vidur"
  std::string_view figure;  // "time" or "power"
  std::vector<PairScore> scores;
};

Result<std::vector<Pair>> vidur(const std::string& folder, const calibrate::Known& known,
                                const roofline::Fits& fits) {
  std::vector<Pair> out;
  for (const std::string_view name : {"a40", "a100", "h100"}) {
    TRY_ASSIGN(const calibrate::Table table,
               read_table(fmt::format("{}/vidur_mlp_{}_llama2_70b.csv", folder, name)));
    const catalog::Chip* chip = known.chips->find(name);
    if (chip == nullptr)
      return Error{ErrorCode::not_found, fmt::format("the catalog has no chip called {}", name)};
    TRY_ASSIGN(std::vector<Pair> pairs, calibrate::vidur_pairs(table, *chip, fits));
    std::ranges::move(pairs, std::back_inserter(out));
  }
  return out;
}

Result<std::vector<Part>> parts(const std::string& folder, const calibrate::Known& known,
                                const roofline::Fits& fits) {
  TRY_ASSIGN(const std::vector<Pair> products, vidur(folder, known, fits));
  TRY_ASSIGN(const calibrate::Table splitwise, read_table(folder + "/splitwise_perf_model.csv"));
  TRY_ASSIGN(const calibrate::SplitwisePairs phases,
             calibrate::splitwise_pairs(splitwise, *known.chips, known.models, fits));
  TRY_ASSIGN(const calibrate::Table metered, read_table(folder + "/gemm.csv"));
  TRY_ASSIGN(const std::vector<Pair> watts, calibrate::product_watts(metered, *known.chips, fits));
  return std::vector<Part>{{"vidur", "time", calibrate::scores(products)},
                           {"splitwise", "time", calibrate::scores(phases.seconds)},
                           {"splitwise", "power", calibrate::scores(phases.watts)},
                           {"gemm", "power", calibrate::scores(watts)}};
}

}  // namespace

Result<std::string> held_out_table(const std::string& folder, const calibrate::Known& known,
                                   const roofline::Fits& fits) {
  TRY_ASSIGN(const std::vector<Part> all, parts(folder, known, fits));
  std::string out;
  for (const std::string_view figure : {"time", "power"}) {
    out += fmt::format("{}| {:<9} | {:<16} | {:<27} | {:>5} | {:>6} | {:>6} | {:>7} |\n",
                       out.empty() ? "" : "\n", figure, "chip", "group", "rows", "mean", "median",
                       "bias");
    out += "|---|---|---|--:|--:|--:|--:|\n";
    for (const Part& part : all) {
      if (part.figure != figure) continue;
      for (const PairScore& score : part.scores)
        out += fmt::format(
            "| {:<9} | {:<16} | {:<27} | {:>5} | {:>4.1f} % | {:>4.1f} % | {:>+5.1f} % |\n",
            part.table, score.chip, score.group, score.rows, 100 * score.mape, 100 * score.median,
            100 * score.bias);
    }
  }
  return out;
}

Result<std::string> held_out_json(const std::string& folder, const calibrate::Known& known,
                                  const roofline::Fits& fits) {
  TRY_ASSIGN(const std::vector<Part> all, parts(folder, known, fits));
  wire::Json groups = wire::Json::array();
  for (const Part& part : all)
    for (const PairScore& score : part.scores)
      groups.push_back({{"table", part.table},
                        {"figure", part.figure},
                        {"chip", score.chip},
                        {"group", score.group},
                        {"rows", score.rows},
                        {"mape", score.mape},
                        {"median", score.median},
                        {"bias", score.bias}});
  return wire::line_of({{"groups", std::move(groups)}}) + "\n";
}

}  // namespace assay::cli
