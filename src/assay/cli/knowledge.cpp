// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/knowledge.hpp"

#include <fmt/format.h>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/data_dir.hpp"
#include "assay/cli/paths.hpp"
#include "assay/lab/roofs_file.hpp"

namespace assay::cli {

using appraise::AppraisedSnapshot;
using appraise::BoardKnowledge;

namespace {

// Nobody named the file on the command line, so that it must not keep a device from being looked
// at.
std::string left_out(const Error& error) {
  return fmt::format("{}; this file is left out", error.message);
}

Result<catalog::Catalog> overlay(catalog::Catalog base, const std::string& dir) {
  TRY_ASSIGN(const std::vector<NamedFile> files, read_toml_files(dir));
  if (files.empty()) return base;
  std::vector<text::NamedText> texts;
  texts.reserve(files.size());
  for (const NamedFile& file : files) texts.push_back({file.name, file.text});
  return base.overlaid_with(texts);
}

// The config folder's chips that are sound; why the others are left out goes to `warnings`.
catalog::Catalog with_sound_chips(catalog::Catalog base, std::vector<std::string>& warnings) {
  const std::string config = config_dir();
  if (config.empty()) return base;
  const auto files = read_toml_files(config + "/chips");
  if (!files) {
    warnings.push_back(left_out(files.error()));
    return base;
  }
  for (const NamedFile& file : *files) {
    const text::NamedText text{file.name, file.text};
    if (auto over = base.overlaid_with({&text, 1})) base = *std::move(over);
    else warnings.push_back(left_out(over.error()));
  }
  return base;
}

Result<catalog::Catalog> with_named_chips(catalog::Catalog base, const CommonOptions& options) {
  if (options.data_dir.empty()) return base;
  TRY(check_data_dir(options.data_dir));
  return overlay(std::move(base), options.data_dir + "/chips");
}

}  // namespace

Result<catalog::UserConfig> load_user_config() {
  const std::string path = config_dir() + "/config.toml";
  const auto text = read_file(path);
  if (!text) {
    if (text.error().code == ErrorCode::not_found) return catalog::UserConfig{};
    return text.error();
  }
  return catalog::UserConfig::parse({path, *text});
}

Result<catalog::Catalog> with_user_chips(catalog::Catalog base, const CommonOptions& options) {
  const std::string config = config_dir();
  if (!config.empty()) {
    TRY_ASSIGN(base, overlay(std::move(base), config + "/chips"));
  }
  return with_named_chips(std::move(base), options);
}

Result<Knowledge> Knowledge::load(const CommonOptions& options,
                                  std::span<const sample::DeviceFacts> devices) {
  Knowledge knowledge;
  std::vector<std::string> names;
  for (const sample::DeviceFacts& device : devices) names.push_back(device.name);
  TRY_ASSIGN(catalog::Catalog embedded, catalog::embedded_for(names));
  TRY_ASSIGN(knowledge.catalog_,
             with_named_chips(with_sound_chips(std::move(embedded), knowledge.warnings_), options));
  TRY(knowledge.load_config(options));
  knowledge.price_flag_ = options.price();
  for (const sample::DeviceFacts& device : devices) {
    const auto path = lab::roofs_path(device.uuid);
    if (!path) continue;  // no home to keep them in
    auto roofs = lab::load_roofs(*path);
    if (roofs) knowledge.roofs_by_uuid_.emplace_back(device.uuid, std::move(*roofs));
    else if (roofs.error().code != ErrorCode::not_found)
      knowledge.warnings_.push_back(roofs.error().message);
  }
  return knowledge;
}

Status Knowledge::load_config(const CommonOptions& options) {
  auto config = load_user_config();
  Status checked = config ? Status() : Status(config.error());
  if (config && !config->by_chip.empty()) {  // only then: parsing every chip costs milliseconds
    std::vector<std::string> told;
    TRY_ASSIGN(catalog::Catalog all, catalog::embedded());
    TRY_ASSIGN(all, with_named_chips(with_sound_chips(std::move(all), told), options));
    checked = config->check_chips(all, config_dir() + "/config.toml");
  }
  if (checked) config_ = *std::move(config);
  else warnings_.push_back(left_out(checked.error()));
  return {};
}

BoardKnowledge Knowledge::of(const sample::DeviceFacts& device) const {
  BoardKnowledge board;
  board.chip = catalog_.match_nvml_name(device.name);
  if (board.chip == nullptr && !device.chip.empty()) board.chip = catalog_.find(device.chip);
  const auto price = catalog::resolve_price(price_flag_, config_, device.uuid, board.chip);
  if (price) board.price = ladder::Price{price->per_hour, price->source};
  for (const auto& [uuid, roofs] : roofs_by_uuid_)
    if (uuid == device.uuid) board.roofs = roofs;
  return board;
}

AppraisedSnapshot Knowledge::appraise(sample::Snapshot snapshot) const {
  AppraisedSnapshot appraised{snapshot.at, std::move(snapshot.origin), snapshot.self, {}};
  for (sample::DeviceSample& device : snapshot.devices) {
    BoardKnowledge board = of(device.facts);
    appraised.devices.push_back(appraise::appraise(std::move(device), std::move(board)));
  }
  return appraised;
}

}  // namespace assay::cli
