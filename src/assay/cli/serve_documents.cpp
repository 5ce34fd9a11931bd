// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_documents.hpp"

#include <vector>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/catalog_view.hpp"
#include "assay/cli/compare_view.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/models_json.hpp"
#include "assay/cli/user_claims.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

Result<std::string> catalog_document(const CommonOptions& common) {
  TRY_ASSIGN(catalog::Catalog catalog, catalog::embedded());
  TRY_ASSIGN(catalog, with_user_chips(std::move(catalog), common));
  return catalog_json(catalog);
}

Result<std::string> models_document() {
  TRY_ASSIGN(const model::Library library, model::embedded_library());
  return models_json(library);
}

Result<std::string> claims_document(const CommonOptions& common) {
  TRY_ASSIGN(catalog::Claims claims, catalog::embedded_claims());
  TRY_ASSIGN(claims, with_user_claims(std::move(claims), common));
  std::vector<const catalog::Claim*> all;
  for (const catalog::Claim& claim : claims.all()) all.push_back(&claim);
  return claims_page_json(all);
}

}  // namespace

serve::Documents serve_documents(const CommonOptions& common) {
  serve::Documents documents;
  documents.catalog = [common](const http::Query&) { return catalog_document(common); };
  documents.models = [](const http::Query&) { return models_document(); };
  documents.claims = [common](const http::Query&) { return claims_document(common); };
  return documents;
}

}  // namespace assay::cli
