// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/store/row.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::store {

// A prepared statement. Must not outlive its Database. One thread at a time.
class Statement {
 public:
  // Binds from the first parameter on. Texts and blobs are not copied: they must live until the
  // statement has run.
  void bind(std::span<const Cell> cells);
  // True: there is a row to read. Columns are views, valid until the next step or reset.
  Result<bool> step();
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] Cell cell(int column) const;
  // Ends a run, so that the file's lock is let go and the statement may be bound anew.
  void reset();
  // bind, step to the end, reset: for statements that return no rows.
  Status run(std::span<const Cell> cells);

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// One connection to an SQLite file; errors carry the file's name and what to do. A damaged file
// answers ErrorCode::corrupt, one locked by another program timeout, a full disk io.
class Database {
 public:
  // `path` must be an existing file, empty at first.
  static Result<Database> open_to_write(const std::filesystem::path& path);
  // Never creates or changes the recording, except that a transaction which a killed recorder left
  // half done is rolled back first where the file may be written; where it may not, the file is
  // read as it is.
  static Result<Database> open_to_read(const std::filesystem::path& path);
  // An empty database of its own, in memory and beyond a few MB in a nameless temporary file.
  static Result<Database> open_scratch();

  Status execute(const std::string& sql);
  Result<Statement> prepare(const std::string& sql);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  static Result<Database> connect(const std::string& name, int flags, const std::string& shown);

  std::unique_ptr<sqlite3, Close> handle_;
};

// "INSERT OR REPLACE" of one row of a table, its checksum computed on the way.
class RowWriter {
 public:
  static Result<RowWriter> prepare(Database& database, const Table& table);
  Status write(std::int64_t id, std::span<const Cell> cells);
  Status write_with_copy(std::int64_t id, std::span<const Cell> cells);  // id < kCopyOffset

 private:
  RowWriter(const Table& table, Statement statement)
      : table_(&table), statement_(std::move(statement)) {}
  const Table* table_;
  Statement statement_;
};

// Reads rows of a table that a statement "SELECT id, crc, <columns>" stands on.
struct StoredRow {
  std::int64_t id = 0;
  bool intact = false;  // the checksum agrees
  std::vector<Cell> cells;
};
StoredRow read_row(const Table& table, const Statement& statement);
std::string select_from(const Table& table);  // "SELECT id, crc, ... FROM ..."

}  // namespace assay::store
