// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/plan_data.hpp"

#include <algorithm>
#include <filesystem>

#include "assay/cli/paths.hpp"
#include "assay/model/config_reader.hpp"

namespace assay::cli {

Result<calibrate::Table> read_table(const std::string& path) {
  TRY_ASSIGN(const std::string text, read_file(path));
  return calibrate::Table::parse({path, text});
}

namespace {

Result<std::unique_ptr<calibrate::Table>> owned_table(const std::string& path) {
  TRY_ASSIGN(calibrate::Table table, read_table(path));
  return std::make_unique<calibrate::Table>(std::move(table));
}

}  // namespace

Result<std::vector<calibrate::Table>> tables_in(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code))
    if (entry.path().extension() == ".csv") paths.push_back(entry.path().string());
  if (code)
    return Error{ErrorCode::not_found, folder + " can't be read (" + code.message() +
                                           "); name the folder of our own measurements with --own"};
  std::ranges::sort(paths);
  std::vector<calibrate::Table> out;
  for (const std::string& path : paths) {
    TRY_ASSIGN(calibrate::Table table, read_table(path));
    out.push_back(std::move(table));
  }
  return out;
}

Result<PlanModels> PlanModels::load(std::string folder) {
  PlanModels out;
  out.folder_ = std::move(folder);
  TRY_ASSIGN(out.library_, model::embedded_library());
  return out;
}

Result<model::Model> PlanModels::find(std::string_view name) {
  if (const auto known = read_.find(name); known != read_.end()) return known->second;
  const auto read = [&]() -> Result<model::Model> {
    const std::string base = folder_ + "/" + std::string(name);
    const auto config = folder_.empty() ? Result<std::string>(Error{ErrorCode::not_found, ""})
                                        : read_file(base + "/config.json");
    if (!config && config.error().code != ErrorCode::not_found) return config.error();
    if (!config) return library_.find(name);
    const auto quantization = read_file(base + "/hf_quant_config.json");
    return model::read_config(name, *config, quantization ? std::string_view(*quantization) : "");
  };
  return read_.emplace(std::string(name), read()).first->second;
}

calibrate::ModelSource PlanModels::source() {
  return [this](std::string_view name) { return find(name); };
}

Result<MeasuredFolder> MeasuredFolder::load(const std::string& folder, const std::string& own) {
  MeasuredFolder out;
  TRY_ASSIGN(out.products, owned_table(folder + "/gemm.csv"));
  TRY_ASSIGN(out.collectives, owned_table(folder + "/collectives.csv"));
  TRY_ASSIGN(std::vector<calibrate::ServingRow> rows,
             read_serving_rows(folder + "/serving_silicon.csv"));
  out.serving = std::make_unique<std::vector<calibrate::ServingRow>>(std::move(rows));
  if (!own.empty()) {
    TRY_ASSIGN(out.own, tables_in(own));
  }
  return out;
}

Result<std::vector<calibrate::ServingRow>> read_serving_rows(const std::string& path) {
  TRY_ASSIGN(const calibrate::Table table, read_table(path));
  return calibrate::serving_rows(table);
}

}  // namespace assay::cli
