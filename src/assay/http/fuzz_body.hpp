// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/http/query.hpp"
#include "assay/http/request_reader.hpp"
#include "assay/http/response_reader.hpp"
#include "assay/http/url.hpp"

namespace assay::http {

// Feeds bytes to each parser of what a client or server sends. Shared by test/fuzz and the tests.
inline void parse_anything(std::string_view bytes) {
  if (const auto url = Url::parse(bytes)) CHECK(Url::parse(url->to_string()));
  if (const auto query = Query::parse(bytes))
    for (const auto& [name, value] : query->all()) CHECK(query->find(name) == &value);
  const RequestLimits limits{.head_bytes = 2000, .body_bytes = 1000};
  RequestReader whole(limits);
  whole.take(bytes);
  int requests = 0;
  while (auto request = whole.next()) {
    CHECK(request->body.size() <= limits.body_bytes);
    ++requests;
  }
  // In pieces it must come to the same.
  RequestReader pieces(limits);
  int again = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    pieces.take(bytes.substr(at, 7));
    while (pieces.next()) ++again;
  }
  CHECK(again == requests);
  ResponseReader response(1000);
  if (response.take(bytes).ok() && response.end().ok())
    CHECK(response.result().body.size() <= 1000);
}

}  // namespace assay::http
