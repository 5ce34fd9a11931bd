// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/calibrate/fit.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/model/library.hpp"

// The files that `assay plan check` and `assay plan fit` read.
namespace assay::cli {

// The library of models, with DIR/<organization>/<name>/config.json laid over it where a folder is
// given. Each name is read once.
class PlanModels {
 public:
  static Result<PlanModels> load(std::string folder);
  // Refers to this; must not outlive it.
  [[nodiscard]] calibrate::ModelSource source();

 private:
  Result<model::Model> find(std::string_view name);

  std::string folder_;
  model::Library library_;
  std::map<std::string, Result<model::Model>, std::less<>> read_;
};

// A folder of measured tables (gemm.csv, collectives.csv, serving_silicon.csv), and one of our own
// (each *.csv in it; empty: none).
struct MeasuredFolder {
  std::unique_ptr<calibrate::Table> products;
  std::unique_ptr<calibrate::Table> collectives;
  std::unique_ptr<std::vector<calibrate::ServingRow>> serving;
  std::vector<calibrate::Table> own;

  static Result<MeasuredFolder> load(const std::string& folder, const std::string& own);
  [[nodiscard]] calibrate::Measured measured() const {
    return {products.get(), collectives.get(), serving.get(), own};
  }
};

// One CSV file.
Result<calibrate::Table> read_table(const std::string& path);

// All CSV files of a folder, by name.
Result<std::vector<calibrate::Table>> tables_in(const std::string& folder);

// Rows of one CSV file.
Result<std::vector<calibrate::ServingRow>> read_serving_rows(const std::string& path);

}  // namespace assay::cli
