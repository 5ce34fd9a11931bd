// SPDX-License-Identifier: Apache-2.0
#include "assay/engine/dialect.hpp"

#include <algorithm>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/text/toml_table.hpp"
#include "assay_engine_embedded.hpp"

namespace assay::engine {
namespace {

constexpr std::array<std::string_view, kTopics> kWords = {"prompt_tokens",
                                                          "generation_tokens",
                                                          "prompt_tokens_of_ended",
                                                          "generation_tokens_of_ended",
                                                          "generation_rate",
                                                          "generation_seconds",
                                                          "running",
                                                          "waiting",
                                                          "kv_usage",
                                                          "kv_used_tokens",
                                                          "kv_capacity_tokens",
                                                          "first_token_s",
                                                          "next_token_s",
                                                          "prompt_length",
                                                          "answer_length"};

void append(std::vector<std::string>& into, std::vector<std::string> more) {
  std::ranges::move(more, std::back_inserter(into));
}

void read_metrics(const text::TomlNode& node, text::Problems& problems, Dialect& dialect) {
  text::TomlTable table(node, "[metrics]", problems);
  for (std::size_t i = 0; i < kTopics; ++i)
    for (const std::string& text : table.texts(kWords[i])) {
      auto selector = exposition::parse_selector(text);
      if (selector) dialect.names[i].push_back(*std::move(selector));
      else table.problem_here(selector.error().message);
    }
  dialect.kv_capacity_labels = table.texts("kv_capacity_labels");
  if (dialect.kv_capacity_labels.size() == 1)
    table.problem_here("kv_capacity_labels needs labels behind the series' name");
  table.finish();
}

}  // namespace

std::string_view to_string(Topic topic) { return kWords[static_cast<std::size_t>(topic)]; }

bool Dialect::speaks(const exposition::Point& point) const {
  return std::ranges::any_of(
      prefixes, [&](const std::string& prefix) { return point.name.starts_with(prefix); });
}

Result<Dialect> parse_dialect(const text::NamedText& file) {
  TRY_ASSIGN(const text::TomlNode tree, text::parse_toml(file));
  text::Problems problems(file.name);
  text::TomlTable top(tree, "", problems);
  Dialect dialect;
  dialect.id = top.need_text("id");
  dialect.name = top.need_text("name");
  dialect.profile = top.need_text("profile");
  dialect.source = top.need_text("source");
  dialect.prefixes = {top.need_text("prefix")};
  append(dialect.prefixes, top.texts("other_prefixes"));
  if (std::string label = top.text("model_label"); !label.empty())
    dialect.model_labels.push_back(std::move(label));
  append(dialect.model_labels, top.texts("other_model_labels"));
  if (const text::TomlNode* metrics = top.need("metrics")) {
    if (metrics->kind == text::TomlNode::Kind::table) read_metrics(*metrics, problems, dialect);
    else top.problem(*metrics, "metrics must be a table");
  }
  top.finish();
  if (!problems.empty()) return problems.errors().front();
  return dialect;
}

std::span<const Dialect> dialects() {
  static const std::vector<Dialect> kAll = [] {
    std::vector<Dialect> all;
    for (const EmbeddedFile& file : embedded_files()) {
      auto dialect = parse_dialect({file.path, file.bytes});
      CHECK(dialect.ok());
      all.push_back(*std::move(dialect));
    }
    return all;
  }();
  return kAll;
}

const Dialect* recognize(const exposition::Scrape& scrape, std::span<const Dialect> among) {
  const Dialect* best = nullptr;
  std::ptrdiff_t most = 0;
  for (const Dialect& dialect : among) {
    const std::ptrdiff_t count = std::ranges::count_if(
        scrape.points, [&](const exposition::Point& point) { return dialect.speaks(point); });
    if (count > most) best = &dialect;
    most = std::max(most, count);
  }
  return best;
}

}  // namespace assay::engine
