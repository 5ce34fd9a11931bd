// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/user_claims.hpp"

#include "assay/cli/paths.hpp"

namespace assay::cli {
namespace {

Result<catalog::Claims> overlay(catalog::Claims base, const std::string& dir) {
  TRY_ASSIGN(const std::vector<NamedFile> files, read_toml_files(dir));
  if (files.empty()) return base;
  std::vector<text::NamedText> texts;
  texts.reserve(files.size());
  for (const NamedFile& file : files) texts.push_back({file.name, file.text});
  return base.overlaid_with(texts);
}

}  // namespace

Result<catalog::Claims> with_user_claims(catalog::Claims base, const CommonOptions& options) {
  if (const std::string config = config_dir(); !config.empty()) {
    TRY_ASSIGN(base, overlay(std::move(base), config + "/claims"));
  }
  if (!options.data_dir.empty()) {
    TRY_ASSIGN(base, overlay(std::move(base), options.data_dir + "/claims"));
  }
  return base;
}

}  // namespace assay::cli
