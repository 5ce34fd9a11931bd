// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "assay/base/result.hpp"

namespace assay::store {

// Makes an empty file for a recording, for SQLite would open one that is there already, and a
// recording must never be written over. invalid_argument: it exists; no_permission, not_found, io.
Status make_empty_file(const std::filesystem::path& path);

}  // namespace assay::store
