// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/user_config.hpp"
#include "assay/cli/options.hpp"

namespace assay::cli {

// What the catalog, the user's config and earlier `assay lab` runs say of the boards at hand.
class Knowledge {
 public:
  // Reads only the chips that these devices can match: parsing all costs milliseconds. Fails on a
  // malformed --data file. A malformed file that nobody named (config, a chip of the config folder,
  // roofs) is a warning, and all goes on without it.
  static Result<Knowledge> load(const CommonOptions& options,
                                std::span<const sample::DeviceFacts> devices);

  [[nodiscard]] appraise::BoardKnowledge of(const sample::DeviceFacts& device) const;
  [[nodiscard]] appraise::AppraisedSnapshot appraise(sample::Snapshot snapshot) const;
  [[nodiscard]] std::span<const std::string> warnings() const { return warnings_; }

 private:
  Status load_config(const CommonOptions& options);

  catalog::Catalog catalog_;
  catalog::UserConfig config_;
  std::optional<DollarsPerHour> price_flag_;
  std::vector<std::pair<std::string, lab::Roofs>> roofs_by_uuid_;
  std::vector<std::string> warnings_;
};

// ~/.config/assay/config.toml; an empty config where there is none.
Result<catalog::UserConfig> load_user_config();

// The embedded catalog with --data DIR/chips and the config folder's chips on top.
Result<catalog::Catalog> with_user_chips(catalog::Catalog base, const CommonOptions& options);

}  // namespace assay::cli
