// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/model/model.hpp"
#include "assay/text/named_text.hpp"

namespace assay::model {

// verified: read in the source named; partial: derived, or read at second hand; recalled: from
// memory.
enum class Confidence { verified, partial, recalled };
std::string_view to_string(Confidence confidence);

// Who says so, and when.
struct Source {
  std::string title;
  std::string url;
  std::string date;  // YYYY, YYYY-MM or YYYY-MM-DD
  Confidence confidence = Confidence::verified;
};

// What the maker says of the whole, in elements: the dimensions must add up to it
// (library_test.cpp).
struct Published {
  double parameters = 0;
  std::optional<double> active;
  Source source;
};

// A checkpoint that is the same model at another precision (precision.hpp).
struct Variant {
  std::string alias;
  std::string precision;
};

// A model file.
struct Entry {
  std::string id;
  std::string file;
  std::vector<std::string> aliases;  // Hugging Face ids and common names
  std::vector<Variant> variants;
  Model model;
  Source source;  // of its dimensions
  std::optional<Published> published;
};

// The models by name, sorted by id. Immutable but for add(): any thread may read it. Pointers that
// it hands out live until the next add().
class Library {
 public:
  // One model a file (data/models/README.md). Fails with the first problem, as "file:line: ...".
  static Result<Library> parse(std::span<const text::NamedText> files);
  // All problems of all files; empty = clean.
  static std::vector<Error> check(std::span<const text::NamedText> files);

  // By id or alias, case ignored, '_' and ' ' as '-'; a name with an organization ("org/name") is
  // looked for as it is, then without it. A variant's alias gives the model at that precision.
  // not_found otherwise, with the nearest names.
  [[nodiscard]] Result<Model> find(std::string_view name) const;
  // The file that find() would take; nullptr where there is none.
  [[nodiscard]] const Entry* entry(std::string_view name) const;
  // Names by edit distance, nearest first.
  [[nodiscard]] std::vector<std::string> nearest(std::string_view name,
                                                 std::size_t count = 3) const;
  [[nodiscard]] std::span<const Entry> all() const { return entries_; }

  // Adds a model read elsewhere (a config.json) under a name; one of that name is replaced.
  void add(std::string name, Model model);

 private:
  struct Place {
    std::size_t entry = 0;
    std::string precision;
  };
  [[nodiscard]] const Place* place_of(std::string_view name) const;
  // Fails where two files claim the same name.
  Status index();

  std::vector<Entry> entries_;
  std::map<std::string, Place, std::less<>> names_;  // as normalized()
};

// The models that were compiled into the program. An Error is a bug of the build: a test holds the
// files clean.
Result<Library> embedded_library();
// Names are "models/<id>.toml"; the views live as long as the program.
std::vector<text::NamedText> embedded_model_files();

}  // namespace assay::model
