// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

#include "assay/base/result.hpp"
#include "assay/store/database.hpp"

namespace assay::store {

struct Carved {
  std::int64_t pages = 0;  // in the file, a last one that is cut off included
  std::int64_t rows = 0;   // rows whose checksum proves them, put into the database
};

// What SQLite will not read any more: goes through a recording page by page, takes each table leaf
// for what it says, follows overflow pages, and inserts every row whose checksum agrees with one of
// kTables into `into`, where the tables are made first. Trusts no byte of the file but those; a
// page that can't be read is passed over. Memory: one page and one row.
Result<Carved> carve_pages(const std::filesystem::path& path, Database& into);

}  // namespace assay::store
