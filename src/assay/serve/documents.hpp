// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "assay/base/result.hpp"
#include "assay/http/query.hpp"

namespace assay::serve {

// One JSON document of a query's parameters, or the Error that the asker is told.
using Document = std::function<Result<std::string>(const http::Query&)>;

// What the daemon serves, but others know how to make. Each is called on a worker, one at a time.
struct Documents {
  Document plan;
  Document models;
  Document catalog;
  Document compare;
  Document claims;
};

}  // namespace assay::serve
