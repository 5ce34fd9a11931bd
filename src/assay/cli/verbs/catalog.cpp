// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/catalog_view.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/out.hpp"
#include "assay/cli/paths.hpp"
#include "assay/cli/verb.hpp"

namespace assay::cli {
namespace {

struct Options {
  CommonOptions common;
  std::string id;
  std::vector<std::string> files;
};

Result<catalog::Catalog> whole_catalog(const Options& options) {
  TRY_ASSIGN(catalog::Catalog base, catalog::embedded());
  return with_user_chips(std::move(base), options.common);
}

int list(const Options& options) {
  const auto catalog = whole_catalog(options);
  if (!catalog) return fail(catalog.error());
  print("{}", options.common.json ? catalog_json(*catalog)
                                  : catalog_table(options.common.style(), *catalog));
  return kOk;
}

int show(const Options& options) {
  const auto catalog = whole_catalog(options);
  if (!catalog) return fail(catalog.error());
  const catalog::Chip* chip = catalog->find(options.id);
  if (chip == nullptr) {
    const auto nearest = catalog->nearest(options.id);
    const std::string hint = nearest.empty()
                                 ? "`assay catalog list` names them all"
                                 : fmt::format("the nearest are {}", fmt::join(nearest, ", "));
    return fail({ErrorCode::invalid_argument,
                 fmt::format("the catalog has no chip \"{}\"; {}", options.id, hint)});
  }
  print("{}", options.common.json ? chip_json(*chip) : chip_view(options.common.style(), *chip));
  return kOk;
}

int check(const Options& options) {
  std::vector<NamedFile> files;
  for (const std::string& path : options.files) {
    auto text = read_file(path);
    if (!text) return fail(text.error());
    files.push_back({path, std::move(*text)});
  }
  if (!options.common.data_dir.empty()) {
    auto found = read_toml_files(options.common.data_dir + "/chips");
    if (!found) return fail(found.error());
    files.insert(files.end(), found->begin(), found->end());
  }
  std::vector<catalog::NamedText> texts;
  for (const NamedFile& file : files) texts.push_back({file.name, file.text});
  if (texts.empty()) texts = catalog::embedded_chip_files();
  const std::vector<Error> problems = catalog::Catalog::check(texts);
  if (options.common.json) {
    print("{}", check_json(texts.size(), problems));
  } else {
    for (const Error& problem : problems) complain("assay: " + problem.message);
    if (problems.empty()) print("{} chip files, each figure has its source\n", texts.size());
  }
  return problems.empty() ? kOk : kFailed;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto chosen = std::make_shared<int (*)(const Options&)>(list);
  const auto verb = [&](const char* name, const char* help, int (*action)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->callback([chosen, action] { *chosen = action; });
    add_common_options(*sub, options->common);
    return sub;
  };
  verb("list", "every chip with its main figures", list);
  verb("show", "all that is known of one chip, with sources", show)
      ->add_option("CHIP", options->id, "id of the chip, as `list` prints it")
      ->required();
  verb("check", "refuse figures without a source; without FILE the built-in ones", check)
      ->add_option("FILE", options->files, "chip files to check");
  add_common_options(app, options->common);
  app.require_subcommand(0, 1);
  return [options, chosen] { return (*chosen)(*options); };
}

const VerbRegistration kCatalog{{.name = "catalog",
                                 .order = 60,
                                 .help = "the chips: figures, sources, prices",
                                 .example = "assay catalog show h100-sxm5-80gb",
                                 .define = define}};

}  // namespace
}  // namespace assay::cli
