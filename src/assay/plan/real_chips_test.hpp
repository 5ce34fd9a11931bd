// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "assay/base/check.hpp"
#include "assay/catalog/embedded.hpp"
#include "assay/model/library.hpp"
#include "assay/model/precision.hpp"
#include "assay/plan/search.hpp"

// The data that ships: what holds for any figures in it is tested with it.
namespace assay::plan {

inline roofline::Fits shipped_fits() {
  auto fits = roofline::Fits::builtin();
  CHECK(fits.ok());
  return std::move(*fits);
}

inline std::vector<roofline::ChipRoof> shipped_roofs(std::initializer_list<const char*> ids) {
  const auto catalog = catalog::embedded();
  CHECK(catalog.ok());
  const roofline::Fits fits = shipped_fits();
  std::vector<roofline::ChipRoof> roofs;
  for (const catalog::Chip& chip : catalog->all()) {
    const bool wanted = ids.size() == 0 || std::ranges::find(ids, chip.id) != ids.end();
    if (!wanted) continue;
    auto roof = roofline::chip_roof(chip, fits);
    if (roof) roofs.push_back(std::move(*roof));
  }
  return roofs;
}

inline Variant shipped_model(const char* name, const char* precision) {
  const auto library = model::embedded_library();
  CHECK(library.ok());
  auto found = library->find(name);
  CHECK(found.ok());
  auto stored = model::with_precision(std::move(*found), precision);
  CHECK(stored.ok());
  return {precision, std::move(*stored)};
}

inline roofline::EngineProfile shipped_engine() {
  auto engine = shipped_fits().engine("vllm");
  CHECK(engine.ok());
  return std::move(*engine);
}

inline Workload fixed_workload(double in, double out) {
  return {*Lengths::fixed(in), *Lengths::fixed(out)};
}

}  // namespace assay::plan
