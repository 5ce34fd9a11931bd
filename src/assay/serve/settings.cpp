// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/settings.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "assay/format/format.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::serve {
namespace {

// A text of the table that `parse` turns into a value.
template <typename T, typename Parse>
void read(text::TomlTable& table, std::string_view key, const Parse& parse,
          std::optional<T>& value) {
  const text::TomlNode* node = table.get(key);
  const std::string text = table.text(key);
  if (node == nullptr || text.empty()) return;  // absent, or a problem that text() has told
  auto parsed = parse(text);
  if (parsed) value = *std::move(parsed);
  else table.problem(*node, fmt::format("{}: {}", key, parsed.error().message));
}

Result<std::string> as_it_is(const std::string& text) { return text; }

template <typename T>
void fill(std::optional<T>& value, const std::optional<T>& otherwise) {
  if (!value) value = otherwise;
}

}  // namespace

Result<Settings> Settings::parse(const text::NamedText& file) {
  TRY_ASSIGN(const text::TomlNode root, text::parse_toml(file));
  text::Problems problems(file.name);
  text::TomlTable table(root, "", problems);
  Settings settings;
  read(table, "listen", as_it_is, settings.listen);
  read(table, "store", as_it_is, settings.store);
  read(table, "token_file", as_it_is, settings.token_file);
  read(table, "tls_cert", as_it_is, settings.tls_cert);
  read(table, "tls_key", as_it_is, settings.tls_key);
  read(table, "period", format::parse_duration, settings.period);
  read(table, "retain_age", parse_age, settings.retain_age);
  read(table, "retain_bytes", parse_bytes, settings.retain_bytes);
  if (const text::TomlNode* node = table.get("dcgm_names")) {
    if (node->kind == text::TomlNode::Kind::boolean) settings.dcgm_names = node->number != 0;
    else
      table.problem(*node,
                    "dcgm_names is " + std::string(describe(node->kind)) + ": write true or false");
  }
  if (table.get("host") != nullptr) settings.hosts = table.texts("host");
  read(table, "engine", as_it_is, settings.engine);
  settings.remote_write = table.texts("remote_write");
  settings.otlp = table.texts("otlp");
  read(table, "push_period", format::parse_duration, settings.push_period);
  read(table, "push_token_file", as_it_is, settings.push_token_file);
  table.finish();
  if (!problems.empty()) return problems.errors().front();
  return settings;
}

Settings Settings::over(const Settings& base) const {
  Settings all = *this;
  fill(all.listen, base.listen);
  fill(all.store, base.store);
  fill(all.token_file, base.token_file);
  fill(all.tls_cert, base.tls_cert);
  fill(all.tls_key, base.tls_key);
  fill(all.period, base.period);
  fill(all.retain_age, base.retain_age);
  fill(all.retain_bytes, base.retain_bytes);
  fill(all.dcgm_names, base.dcgm_names);
  fill(all.engine, base.engine);
  fill(all.push_period, base.push_period);
  fill(all.push_token_file, base.push_token_file);
  all.hosts.insert(all.hosts.end(), base.hosts.begin(), base.hosts.end());
  all.remote_write.insert(all.remote_write.end(), base.remote_write.begin(),
                          base.remote_write.end());
  all.otlp.insert(all.otlp.end(), base.otlp.begin(), base.otlp.end());
  return all;
}

std::vector<std::string_view> restart_keys(const Settings& running, const Settings& fresh) {
  std::vector<std::string_view> keys;
  const auto compare = [&](std::string_view key, auto Settings::* value) {
    if (running.*value != fresh.*value) keys.push_back(key);
  };
  compare("listen", &Settings::listen);
  compare("store", &Settings::store);
  compare("period", &Settings::period);
  compare("retain_age", &Settings::retain_age);
  compare("retain_bytes", &Settings::retain_bytes);
  compare("dcgm_names", &Settings::dcgm_names);
  compare("engine", &Settings::engine);
  compare("remote_write", &Settings::remote_write);
  compare("otlp", &Settings::otlp);
  compare("push_period", &Settings::push_period);
  compare("push_token_file", &Settings::push_token_file);
  return keys;
}

Result<std::int64_t> parse_bytes(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 9> kUnits = {{{"", 1},
                                                                          {"B", 1},
                                                                          {"kB", 1e3},
                                                                          {"MB", 1e6},
                                                                          {"GB", 1e9},
                                                                          {"TB", 1e12},
                                                                          {"MiB", 0x1p20},
                                                                          {"GiB", 0x1p30},
                                                                          {"TiB", 0x1p40}}};
  double number = 0;
  const auto [rest, error] = std::from_chars(text.begin(), text.end(), number);
  const std::string_view unit(rest, static_cast<std::size_t>(text.end() - rest));
  for (const auto& [name, factor] : kUnits)
    if (error == std::errc() && unit == name && number > 0 && number * factor < 9e18)
      return std::llround(number * factor);
  return Error{ErrorCode::invalid_argument,
               fmt::format("\"{}\" is no size; write 500MB, 1GB or 2GiB", text)};
}

Result<Seconds> parse_age(std::string_view text) {
  double days = 0;
  const auto [rest, error] = std::from_chars(text.begin(), text.end(), days);
  const bool in_days = error == std::errc() && std::string_view(rest, text.end()) == "d";
  if (!in_days) return format::parse_duration(text);
  if (days > 0 && days <= 3660) return Seconds(days * 86400);
  return Error{ErrorCode::invalid_argument,
               fmt::format("\"{}\" is out of range; write 7d, at most 3660d", text)};
}

}  // namespace assay::serve
