// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assay/sample/sample.hpp"
#include "assay/store/database.hpp"
#include "assay/store/provenance.hpp"

namespace assay::store {

// SQL that makes the tables of a recording in an empty database.
std::string table_statements();
// The settings that come before the first table, and the marks that say whose file this is.
std::string file_settings();

// Rows of the header tables from and to their types.
Status write_words(Database& database);  // and the streams that the format fixes
Status write_stream(RowWriter& writer, metric::Id id);
Status write_info(Database& database, const Provenance& provenance, const sample::Origin& origin);
Status write_device(RowWriter& writer, std::uint32_t id, const sample::DeviceFacts& facts);
std::optional<sample::DeviceFacts> read_device(std::span<const Cell> cells);

// Writes a key of the info table; ids are fixed by key, so that writing again replaces.
Status write_info_value(RowWriter& writer, std::string_view key, std::string_view value);
void read_info_value(std::string_view key, std::string_view value, Provenance& provenance,
                     sample::Origin& origin);
inline constexpr std::string_view kFinishedKey = "finished_windows";

}  // namespace assay::store
