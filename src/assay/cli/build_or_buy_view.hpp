// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "assay/catalog/technologies.hpp"
#include "assay/cli/style.hpp"
#include "assay/plan/build_or_buy.hpp"

namespace assay::cli {

// Where an input came from: "--nre", "assumed", "catalog: <title>, <date>".
struct InputNote {
  std::string name;
  std::string value;
  std::string from;
};

// What `assay build-or-buy` shows.
struct BuildOrBuyReport {
  plan::BuildOrBuy input;
  plan::BreakEven result;
  std::vector<plan::Sensitivity> sensitivity;
  std::vector<InputNote> notes;
  std::vector<catalog::Technology> technologies;
};

std::string build_or_buy_text(const Style& style, const BuildOrBuyReport& report);
std::string build_or_buy_json(const BuildOrBuyReport& report);

}  // namespace assay::cli
