// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "assay/http/message.hpp"
#include "assay/http/request.hpp"

namespace assay::serve {

// The bytes must live as long as the program. "index.html.gz" beside "index.html" is what is sent
// to whoever takes gzip.
struct EmbeddedFile {
  std::string_view path;  // "index.html", "assets/app-3f1c.js"
  std::string_view bytes;
};

// The web page. "/" is index.html; a path is looked up in a table, so that none leads out of it.
class StaticFiles {
 public:
  explicit StaticFiles(std::span<const EmbeddedFile> files);

  // The file at this path (decoded, "/assets/app.js"), 304 where the asker has it; nothing: there
  // is none. Without any index.html, "/" is a short text that names the API.
  [[nodiscard]] std::optional<http::Response> find(std::string_view path,
                                                   const http::Request& request) const;

 private:
  struct File {
    std::string_view bytes;
    std::string_view gzipped;  // empty: there is none
    std::string etag;
  };
  std::map<std::string, File, std::less<>> files_;
};

// Headers of every answer: nothing foreign may be loaded, no type guessed, no frame put around it.
void add_security_headers(http::Response& response);

}  // namespace assay::serve
