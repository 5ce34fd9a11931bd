// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "assay/roofline/fits.hpp"
#include "assay/text/toml_table.hpp"
#include "assay/text/word_reader.hpp"

// Files are read in the order given; a class or engine of a name that was there before is laid over
// it, so that what was measured (fits/) stands over what was taken for granted (classes.toml,
// engines/).
namespace assay::roofline {
namespace {

using text::Problems;
using text::TomlNode;
using text::TomlTable;

void read_number(TomlTable& table, std::string_view key, double least, double most, double& into) {
  const TomlNode* node = table.get(key);
  if (node == nullptr) return;
  const bool number = node->kind == TomlNode::Kind::number || node->kind == TomlNode::Kind::integer;
  if (number && node->number >= least && node->number <= most) into = node->number;
  else
    table.problem(*node,
                  fmt::format("{} must be a number from {} to {}", table.place(key), least, most));
}

template <typename T>
T& named(std::vector<T>& all, const std::string& name) {
  const auto found = std::ranges::find(all, name, &T::name);
  if (found != all.end()) return *found;
  all.emplace_back().name = name;
  return all.back();
}

constexpr std::array kKinds = {catalog::ChipKind::cpu,  catalog::ChipKind::gpu,
                               catalog::ChipKind::fpga, catalog::ChipKind::asic,
                               catalog::ChipKind::apu,  catalog::ChipKind::cim};

void read_kinds(TomlTable& table, ChipClass& into) {
  for (const std::string& word : table.texts("kinds")) {
    const auto kind = std::ranges::find_if(
        kKinds, [&](catalog::ChipKind each) { return to_string(each) == word; });
    if (kind != kKinds.end()) into.kinds.push_back(*kind);
    else table.problem_here(fmt::format("there is no kind of chip called \"{}\"", word));
  }
}

void append(std::vector<std::string>& into, std::vector<std::string> more) {
  into.insert(into.end(), more.begin(), more.end());
}

void read_class(const TomlNode& node, Problems& problems, std::vector<ChipClass>& classes) {
  TomlTable table(node, "[[class]]", problems);
  const std::string name = table.need_text("name");
  const bool is_new = std::ranges::find(classes, name, &ChipClass::name) == classes.end();
  ChipClass& into = named(classes, name);
  const std::string like = table.text("like");
  if (const auto kin = std::ranges::find(classes, like, &ChipClass::name);
      is_new && kin != classes.end())
    into.curves = kin->curves;
  else if (!like.empty())
    table.problem_here(
        fmt::format("a class can only be like one above it, and \"{}\" is none", like));
  append(into.chips, table.texts("chips"));
  append(into.architectures, table.texts("architectures"));
  append(into.served, table.texts("served"));
  read_kinds(table, into);
  if (const TomlNode* flag = table.get("measured")) into.measured = flag->number != 0;
  if (const TomlNode* flag = table.get("given")) into.given = flag->number != 0;
  table.text("source");
  for (const CurveConstant& c : curve_constants())
    read_number(table, c.name, c.least, c.most, into.curves.*c.member);
  for (const CurveConstant& c : given_constants())
    read_number(table, c.name, c.least, c.most, into.curves.*c.member);
  table.finish();
}

constexpr std::array kMixings = {Mixing::chunked, Mixing::whole_prompts, Mixing::prefill_first};

void read_engine(const TomlNode& node, Problems& problems, std::vector<EngineProfile>& engines) {
  TomlTable table(node, "[[engine]]", problems);
  const std::string name = table.need_text("name");
  const std::string like = table.text("like");
  const auto kin = std::ranges::find(engines, like, &EngineProfile::name);
  if (!like.empty() && kin == engines.end())
    table.problem_here(
        fmt::format("an engine can only be like one above it, and \"{}\" is none", like));
  const EngineProfile base = kin == engines.end() ? EngineProfile{} : *kin;
  const bool is_new = std::ranges::find(engines, name, &EngineProfile::name) == engines.end();
  EngineProfile& into = named(engines, name);
  if (is_new) {
    into = base;
    into.name = name;
    into.of.clear();
    into.versions.clear();
  }
  Scheduling& s = into.scheduling;
  if (const auto mixing = text::read_word(table, "mixing", kMixings, false)) s.mixing = *mixing;
  read_number(table, "token_budget", 1, 1e7, s.token_budget);
  read_number(table, "one_shot_tokens", 0, 1e6, into.one_shot_tokens);
  read_number(table, "max_sequences", 1, 1e6, s.max_sequences);
  read_number(table, "memory_fraction", 0.05, 1, s.memory_fraction);
  constexpr double kGib = 1 << 30;
  double gib = s.small_below_bytes / kGib;
  read_number(table, "small_below_gib", 0, 1000, gib);
  s.small_below_bytes = gib * kGib;
  read_number(table, "small_token_budget", 1, 1e7, s.small_token_budget);
  read_number(table, "small_max_sequences", 1, 1e6, s.small_max_sequences);
  double gb = s.reserved_bytes / 1e9;
  read_number(table, "reserved_gb", 0, 1000, gb);
  s.reserved_bytes = gb * 1e9;
  if (const TomlNode* flag = table.get("reserves_answers")) s.reserves_answers = flag->number != 0;
  if (std::string of = table.text("of"); !of.empty()) into.of = std::move(of);
  append(into.versions, table.texts("versions"));
  if (const TomlNode* flag = table.get("cache_follows_weights"))
    into.cache_follows_weights = flag->number != 0;
  if (const TomlNode* flag = table.get("measured")) into.measured = flag->number != 0;
  read_number(table, "vector_rows", 0, 1024, into.packed.vector_rows);
  read_number(table, "packed_ops_per_clock", 0, 1e5, into.packed.ops_per_clock);
  read_number(table, "rest_bits", 0, 16, into.packed.rest_bits);
  table.text("source");
  for (const EngineConstant& c : engine_constants())
    read_number(table, c.name, c.least, c.most, into.overheads.*c.member);
  table.finish();
}

constexpr std::array kProvenances = {Provenance::calibrated, Provenance::transferred,
                                     Provenance::datasheet};

void read_spread(const TomlNode& node, Problems& problems, Fits& fits) {
  TomlTable table(node, "[[spread]]", problems);
  const auto provenance = text::read_word(table, "provenance", kProvenances, true);
  Spreads ignored;
  Spreads& into = provenance ? fits.mutable_spreads(*provenance) : ignored;
  read_number(table, "ttft_lo", 0.01, 1, into.ttft.lo);
  read_number(table, "ttft_hi", 1, 100, into.ttft.hi);
  read_number(table, "tpot_lo", 0.01, 1, into.tpot.lo);
  read_number(table, "tpot_hi", 1, 100, into.tpot.hi);
  table.text("source");
  table.finish();
}

}  // namespace

Result<Fits> Fits::parse(std::span<const text::NamedText> files) {
  Fits fits;
  for (const text::NamedText& file : files) {
    TRY_ASSIGN(const TomlNode tree, text::parse_toml(file));
    Problems problems(file.name);
    TomlTable top(tree, "", problems);
    for (const TomlNode* node : top.tables("class")) read_class(*node, problems, fits.classes_);
    for (const TomlNode* node : top.tables("engine")) read_engine(*node, problems, fits.engines_);
    for (const TomlNode* node : top.tables("spread")) read_spread(*node, problems, fits);
    top.finish();
    if (!problems.empty()) return problems.errors().front();
  }
  return fits;
}

}  // namespace assay::roofline
