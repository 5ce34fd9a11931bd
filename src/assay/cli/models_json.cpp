// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/models_json.hpp"

#include <nlohmann/json.hpp>

#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;

std::string models_json(const model::Library& library) {
  Json models = Json::array();
  for (const model::Entry& entry : library.all()) {
    Json published = nullptr;
    if (entry.published)
      published = {{"parameters", entry.published->parameters},
                   {"active", wire::number(entry.published->active)}};
    models.push_back({{"id", entry.id},
                      {"name", entry.model.name},
                      {"aliases", entry.aliases},
                      {"parameters", model::parameters(entry.model).total()},
                      {"active_parameters", model::active_parameters(entry.model)},
                      {"weights_bytes", model::weight_bytes(entry.model)},
                      {"kv_bytes_per_token", model::kv_bytes_per_token(entry.model)},
                      {"published", std::move(published)}});
  }
  return wire::line_of({{"schema", "assay.models/1"}, {"models", std::move(models)}});
}

}  // namespace assay::cli
