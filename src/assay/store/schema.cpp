// SPDX-License-Identifier: Apache-2.0
#include "assay/store/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "assay/store/vocabulary.hpp"

namespace assay::store {
namespace {

// Position + 1 is the row's id.
constexpr std::array<std::string_view, 11> kInfoKeys = {
    "assay_version", "host",     "os",          "driver",      "command",   "note",
    "started_ns",    "period_s", "origin_kind", "origin_name", kFinishedKey};

template <typename T>
T parse(std::string_view text, T otherwise) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

std::string text_of(const Cell& cell) {
  return std::string(cell_as<std::string_view>(cell).value_or(""));
}

int int_of(const Cell& cell) { return static_cast<int>(cell_as<std::int64_t>(cell).value_or(0)); }

}  // namespace

std::string file_settings() {
  // A rollback journal, for the file alone is then the recording, on read-only media too, where a
  // WAL is not. It is kept from commit to commit, its header zeroed: to make and to remove it each
  // second took half of a commit's time. The recorder removes it when it closes.
  return fmt::format(
      "PRAGMA page_size={}; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=PERSIST;"
      "PRAGMA synchronous=OFF; PRAGMA cache_size=-512; PRAGMA temp_store=MEMORY;"
      "PRAGMA secure_delete=ON;",
      kPageSize);
}

std::string table_statements() {
  std::string sql;
  for (const Table* table : kTables)
    sql += fmt::format("CREATE TABLE {} (id INTEGER PRIMARY KEY, crc, {});", table->name,
                       table->columns);
  return sql + fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplicationId,
                           kFormatVersion);
}

Status write_words(Database& database) {
  TRY_ASSIGN(RowWriter words, RowWriter::prepare(database, kWord));
  std::int64_t id = 0;
  for (const Word& word : current_words()) {
    const std::array<Cell, 3> cells{word.kind, std::int64_t{word.code}, word.word};
    TRY(words.write_with_copy(++id, cells));
  }
  TRY_ASSIGN(RowWriter streams, RowWriter::prepare(database, kStream));
  const auto fixed = [&](std::uint32_t stream, std::string_view name) {
    return streams.write_with_copy(stream, std::array<Cell, 3>{name, "", ""});
  };
  TRY(fixed(kWindowsStream, "@windows"));
  TRY(fixed(kDeviceStream, "@device"));
  TRY(fixed(kProcessStream, "@processes"));
  TRY(fixed(kWindowsCopyStream, "@windows-copy"));
  return {};
}

Status write_stream(RowWriter& writer, metric::Id id) {
  const metric::Def& def = metric::def(id);
  const std::array<Cell, 3> cells{def.name, to_string(def.unit), to_string(def.kind)};
  return writer.write_with_copy(kFirstMetricStream + static_cast<std::int64_t>(index(id)), cells);
}

Status write_info_value(RowWriter& writer, std::string_view key, std::string_view value) {
  const auto place = std::ranges::find(kInfoKeys, key) - kInfoKeys.begin();
  return writer.write_with_copy(place + 1, std::array<Cell, 2>{key, value});
}

Status write_info(Database& database, const Provenance& provenance, const sample::Origin& origin) {
  TRY_ASSIGN(RowWriter writer, RowWriter::prepare(database, kInfo));
  const std::array<std::string, 10> values = {provenance.assay_version,
                                              provenance.host,
                                              provenance.os,
                                              provenance.driver,
                                              provenance.command,
                                              provenance.note,
                                              fmt::format("{}", provenance.started.unix_ns),
                                              fmt::format("{}", provenance.period.value()),
                                              std::string(to_string(origin.kind)),
                                              origin.name};
  for (std::size_t i = 0; i < values.size(); ++i)
    TRY(write_info_value(writer, kInfoKeys[i], values[i]));
  return {};
}

void read_info_value(std::string_view key, std::string_view value, Provenance& provenance,
                     sample::Origin& origin) {
  const std::array<std::string*, 6> texts = {
      &provenance.assay_version, &provenance.host,    &provenance.os,
      &provenance.driver,        &provenance.command, &provenance.note};
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (key == kInfoKeys[i]) *texts[i] = value;
  if (key == "started_ns") provenance.started.unix_ns = parse<std::int64_t>(value, 0);
  if (key == "period_s") provenance.period = Seconds(parse<double>(value, 0));
  if (key == "origin_kind") origin.kind = parse_origin_kind(value).value_or(origin.kind);
  if (key == "origin_name") origin.name = value;
}

Status write_device(RowWriter& writer, std::uint32_t id, const sample::DeviceFacts& facts) {
  const auto& sm = facts.sm_count;
  const Cell count = sm.raw() ? Cell(sm.raw()->value()) : Cell(std::monostate{});
  const std::array<Cell, 13> cells{std::int64_t{facts.index},
                                   facts.uuid,
                                   facts.name,
                                   facts.pci,
                                   facts.driver,
                                   facts.chip,
                                   std::int64_t{facts.cc_major},
                                   std::int64_t{facts.cc_minor},
                                   count,
                                   to_string(sm.state()),
                                   to_string(sm.reason()),
                                   metric::to_string(sm.source()),
                                   sm.window().value()};
  return writer.write_with_copy(id, cells);
}

std::optional<sample::DeviceFacts> read_device(std::span<const Cell> cells) {
  if (cells.size() != kDevice.column_count) return std::nullopt;
  sample::DeviceFacts facts;
  facts.index = int_of(cells[0]);
  facts.uuid = text_of(cells[1]);
  facts.name = text_of(cells[2]);
  facts.pci = text_of(cells[3]);
  facts.driver = text_of(cells[4]);
  facts.chip = text_of(cells[5]);
  facts.cc_major = int_of(cells[6]);
  facts.cc_minor = int_of(cells[7]);
  std::optional<Count> count;
  if (const auto raw = cell_as<double>(cells[8])) count = Count(*raw);
  facts.sm_count = sample::Reading<Count>::restored(
      count, sample::parse_state(text_of(cells[9])).value_or(sample::State::unknown),
      sample::parse_reason(text_of(cells[10])).value_or(sample::Reason::not_read),
      metric::parse_source(text_of(cells[11])).value_or(sample::Source::none),
      Seconds(cell_as<double>(cells[12]).value_or(0)));
  return facts;
}

}  // namespace assay::store
