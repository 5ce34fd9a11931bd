// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

#include "assay/catalog/embedded.hpp"
#include "assay/cli/catalog_view.hpp"
#include "assay/cli/data_dir.hpp"
#include "assay/cli/exit_code.hpp"
#include "assay/cli/help.hpp"
#include "assay/cli/knowledge.hpp"
#include "assay/cli/named_chip.hpp"
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
  const auto named = named_chip(*catalog, options.id);
  if (!named) return fail(named.error());
  const catalog::Chip* chip = *named;
  print("{}", options.common.json ? chip_json(*chip) : chip_view(options.common.style(), *chip));
  return kOk;
}

// What there is to check, apart: chips and claims have schemas of their own.
struct Checked {
  std::vector<NamedFile> files;  // owns the texts
  std::vector<text::NamedText> chips;
  std::vector<text::NamedText> claims;
};

// A claim's file lies in a folder named claims.
bool is_claim(const std::string& path) {
  return std::filesystem::path(path).parent_path().filename() == "claims";
}

Result<Checked> files_to_check(const Options& options) {
  Checked out;
  for (const std::string& path : options.files) {
    TRY_ASSIGN(std::string text, read_file(path));
    out.files.push_back({path, std::move(text)});
  }
  if (!options.common.data_dir.empty()) {
    TRY(check_data_dir(options.common.data_dir));
    for (const char* folder : {"/chips", "/claims"}) {
      TRY_ASSIGN(const auto found, read_toml_files(options.common.data_dir + folder));
      out.files.insert(out.files.end(), found.begin(), found.end());
    }
  }
  for (const NamedFile& file : out.files) {
    (is_claim(file.name) ? out.claims : out.chips).push_back({file.name, file.text});
  }
  if (out.files.empty()) {
    out.chips = catalog::embedded_chip_files();
    out.claims = catalog::embedded_claim_files();
  }
  return out;
}

// Claims against the chips that ship and those at hand; nothing where either is not sound by
// itself.
Result<std::vector<Error>> drift(const Checked& checked) {
  TRY_ASSIGN(const catalog::Claims claims, catalog::Claims::parse(checked.claims));
  TRY_ASSIGN(const catalog::Catalog base, catalog::embedded());
  TRY_ASSIGN(const catalog::Catalog catalog, base.overlaid_with(checked.chips));
  return claims.check_against(catalog);
}

int check(const Options& options) {
  const auto checked = files_to_check(options);
  if (!checked) return fail(checked.error());
  std::vector<Error> problems = catalog::Catalog::check(checked->chips);
  const std::vector<Error> claims = catalog::Claims::check(checked->claims);
  problems.insert(problems.end(), claims.begin(), claims.end());
  if (const auto drifted = drift(*checked)) {
    problems.insert(problems.end(), drifted->begin(), drifted->end());
  }
  std::size_t recalled = 0;
  if (const auto sound = catalog::Catalog::parse(checked->chips))
    for (const catalog::Chip& chip : sound->all()) recalled += catalog::recalled_figures(chip);
  if (options.common.json) {
    print("{}", check_json(checked->chips.size() + checked->claims.size(), problems, recalled));
  } else {
    for (const Error& problem : problems) complain("assay: " + problem.message);
    if (problems.empty()) {
      print("{} chip files and {} claims, each figure says where it is from\n",
            checked->chips.size(), checked->claims.size());
      if (recalled > 0)
        print("{} figures are from memory, by no page that anybody can read: `show` marks them\n",
              recalled);
    }
  }
  return problems.empty() ? kOk : kFailed;
}

Action define(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto chosen = std::make_shared<int (*)(const Options&)>(list);
  const auto verb = [&](const char* name, const char* help, const char* example,
                        int (*action)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, help);
    sub->footer(help_footer(example));
    sub->callback([chosen, action] { *chosen = action; });
    add_common_options(*sub, options->common);
    return sub;
  };
  verb("list", "every chip with its main figures", "assay catalog list --json", list);
  verb("show", "all that is known of one chip, with sources", "assay catalog show h100-sxm5-80gb",
       show)
      ->add_option("CHIP", options->id, "id or alias of the chip, as `list` prints it")
      ->required();
  verb("check", "refuse figures without a source; without FILE the built-in ones",
       "assay catalog check my-chip.toml", check)
      ->add_option("FILE", options->files, "files to check; those in a folder claims/ are claims");
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
