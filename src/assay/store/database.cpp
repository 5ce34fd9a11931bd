// SPDX-License-Identifier: Apache-2.0
#include "assay/store/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace assay::store {
namespace {

// Long enough for any reader's short queries, short enough that sampling goes on.
constexpr int kBusyMs = 200;

ErrorCode code_of(int rc) {
  switch (rc & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::timeout;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return ErrorCode::no_permission;
    case SQLITE_IOERR: return rc == SQLITE_IOERR_SHORT_READ ? ErrorCode::corrupt : ErrorCode::io;
    case SQLITE_CANTOPEN:
    case SQLITE_FULL: return ErrorCode::io;
    case SQLITE_ERROR: return ErrorCode::corrupt;  // our SQL is sound, so the schema is not
    default: return ErrorCode::internal;
  }
}

Error to_error(sqlite3* handle, int rc) {
  const int extended = handle == nullptr ? rc : sqlite3_extended_errcode(handle);
  const ErrorCode code = code_of(extended);
  if ((extended & 0xff) == SQLITE_FULL)
    return {code, "the disk is full; free some space or record to another disk"};
  if (extended == SQLITE_IOERR_WRITE)
    return {code,
            "the disk took no more (a quota, a limit on the size of files, or a failing "
            "disk); free some space or record to another disk"};
  if (code == ErrorCode::timeout)
    return {code, "another program holds the file locked; close it and try again"};
  const char* text = handle == nullptr ? sqlite3_errstr(rc) : sqlite3_errmsg(handle);
  return {code, fmt::format("SQLite says '{}' (code {})", text, extended)};
}

// A path inside a "file:" URI.
std::string uri_of(const std::filesystem::path& path, std::string_view query) {
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("/._-").contains(c);
    if (plain) uri += c;
    else uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri + std::string(query);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

void Statement::bind(std::span<const Cell> cells) {
  int i = 0;
  for (const Cell& cell : cells) {
    ++i;
    sqlite3_stmt* s = handle_.get();
    if (const auto* n = std::get_if<std::int64_t>(&cell)) sqlite3_bind_int64(s, i, *n);
    else if (const auto* d = std::get_if<double>(&cell)) sqlite3_bind_double(s, i, *d);
    else if (const auto* t = std::get_if<std::string_view>(&cell))
      sqlite3_bind_text64(s, i, t->data() == nullptr ? "" : t->data(), t->size(), SQLITE_STATIC,
                          SQLITE_UTF8);
    else if (const auto* b = std::get_if<BlobView>(&cell))
      sqlite3_bind_blob64(
          s, i, b->data() == nullptr ? reinterpret_cast<const std::uint8_t*>("") : b->data(),
          b->size(), SQLITE_STATIC);
    else sqlite3_bind_null(s, i);
  }
}

Result<bool> Statement::step() {
  const int rc = sqlite3_step(handle_.get());
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  Error error = to_error(sqlite3_db_handle(handle_.get()), rc);
  sqlite3_reset(handle_.get());
  return error;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

Cell Statement::cell(int column) const {
  sqlite3_stmt* s = handle_.get();
  switch (sqlite3_column_type(s, column)) {
    case SQLITE_INTEGER: return sqlite3_column_int64(s, column);
    case SQLITE_FLOAT: return sqlite3_column_double(s, column);
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
      if (text == nullptr) return std::monostate{};
      return std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(s, column)));
    }
    case SQLITE_BLOB: {
      const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(s, column));
      if (data == nullptr) return BlobView{};
      return BlobView(data, static_cast<std::size_t>(sqlite3_column_bytes(s, column)));
    }
    default: return std::monostate{};
  }
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

Status Statement::run(std::span<const Cell> cells) {
  bind(cells);
  for (;;) {
    TRY_ASSIGN(const bool row, step());
    if (!row) break;
  }
  reset();
  return {};
}

Result<Database> Database::connect(const std::string& name, int flags, const std::string& shown) {
  sqlite3* raw = nullptr;
  // No mutex: one thread at a time is the contract here.
  const int rc = sqlite3_open_v2(name.c_str(), &raw,
                                 flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database;
  database.handle_.reset(raw);
  if (rc != SQLITE_OK) return to_error(raw, rc).within(shown);
  sqlite3_busy_timeout(raw, kBusyMs);
  // Files may come from anyone: no triggers, views or functions that a hostile schema could bring.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  return database;
}

Result<Database> Database::open_to_write(const std::filesystem::path& path) {
  return connect(path.string(), SQLITE_OPEN_READWRITE, path.string());
}

Result<Database> Database::open_to_read(const std::filesystem::path& path) {
  TRY_ASSIGN(Database database, connect(path.string(), SQLITE_OPEN_READONLY, path.string()));
  const std::string touch = "SELECT count(*) FROM sqlite_schema";
  if (database.execute(touch).ok()) return database;
  if (sqlite3_extended_errcode(database.handle_.get()) != SQLITE_READONLY_ROLLBACK) return database;
  // A killed recorder's journal lies beside the file: a writing connection rolls it back.
  if (auto writer = connect(path.string(), SQLITE_OPEN_READWRITE, path.string());
      writer.ok() && writer->execute(touch).ok())
    return database;
  return connect(uri_of(path, "?immutable=1"), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI,
                 path.string());
}

Result<Database> Database::open_scratch() {
  return connect("", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "scratch database");
}

Status Database::execute(const std::string& sql) {
  const int rc = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return to_error(handle_.get(), rc);
  return {};
}

Result<Statement> Database::prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int rc = sqlite3_prepare_v3(handle_.get(), sql.c_str(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement statement;
  statement.handle_.reset(raw);
  if (rc != SQLITE_OK) return to_error(handle_.get(), rc);
  return statement;
}

Result<RowWriter> RowWriter::prepare(Database& database, const Table& table) {
  std::string sql = fmt::format("INSERT OR REPLACE INTO {} (id, crc, {}) VALUES (?, ?", table.name,
                                table.columns);
  for (std::size_t i = 0; i < table.column_count; ++i) sql += ", ?";
  TRY_ASSIGN(Statement statement, database.prepare(sql + ")"));
  return RowWriter(table, std::move(statement));
}

Status RowWriter::write(std::int64_t id, std::span<const Cell> cells) {
  std::vector<Cell> all{id, row_checksum(*table_, id, cells)};
  all.insert(all.end(), cells.begin(), cells.end());
  return statement_.run(all);
}

Status RowWriter::write_with_copy(std::int64_t id, std::span<const Cell> cells) {
  TRY(write(id, cells));
  return write(id + kCopyOffset, cells);
}

StoredRow read_row(const Table& table, const Statement& statement) {
  StoredRow row;
  row.id = statement.integer(0);
  row.cells.reserve(table.column_count);
  for (std::size_t i = 0; i < table.column_count; ++i)
    row.cells.push_back(statement.cell(static_cast<int>(i) + 2));
  row.intact = statement.integer(1) == row_checksum(table, row.id, row.cells);
  return row;
}

std::string select_from(const Table& table) {
  return fmt::format("SELECT id, crc, {} FROM {}", table.columns, table.name);
}

}  // namespace assay::store
