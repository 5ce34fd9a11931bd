// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/http/message.hpp"
#include "assay/http/request.hpp"

namespace assay::serve {

// The bytes must live as long as the program.
struct EmbeddedFile {
  std::string_view path;  // "index.html", "assets/app-3f1c.js"
  std::string_view bytes;
};

// The web page, sent compressed to whoever takes gzip. "/" is index.html; a path is looked up in a
// table, so that none leads out of it.
class StaticFiles {
 public:
  explicit StaticFiles(const std::vector<EmbeddedFile>& files);

  // The file at this path (decoded, "/assets/app.js"), 304 where the asker has it; nothing: there
  // is none. Without any index.html, "/" is a short text that names the API.
  [[nodiscard]] std::optional<http::Response> find(std::string_view path,
                                                   const http::Request& request) const;

 private:
  struct File {
    std::string_view bytes;
    std::string gzipped;  // empty where that saves nothing
    std::string etag;
  };
  std::map<std::string, File, std::less<>> files_;
};

// Headers of every answer: nothing foreign may be loaded, no type guessed, no frame put around it.
void add_security_headers(http::Response& response);

}  // namespace assay::serve
