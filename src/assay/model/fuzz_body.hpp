// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/model/config_reader.hpp"
#include "assay/model/library.hpp"
#include "assay/model/precision.hpp"

// What must hold of any bytes at all, for the unit test's mutations and for libFuzzer alike.
namespace assay::model {

// An error is one line that names the file and cannot drive a terminal.
inline void check_message(const Error& error, std::string_view file) {
  CHECK(error.code == ErrorCode::invalid_argument);
  const std::string_view text = error.message;
  CHECK(text.starts_with(file));
  CHECK(text.size() > file.size() + 2 && text[file.size()] == ':');
  CHECK(text.size() < 2000);
  CHECK(std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte < 0x20 || byte == 0x7f;
  }));
}

// All that is computed from a model that was accepted is finite and hangs together.
inline void check_model(const Model& model) {
  const double total = parameters(model).total();
  const double active = active_parameters(model);
  CHECK(std::isfinite(total) && total > 0);
  CHECK(std::isfinite(active) && active > 0 && active <= total + 1);
  CHECK(std::isfinite(weight_bytes(model)) && weight_bytes(model) > 0);
  CHECK(weight_bytes(model) <= 4 * total * (1 + 1e-9));
  CHECK(model.layer_count() > 0);
  double before = 0;
  for (const double context : {0.0, 1.0, 1000.0, 1e6}) {
    const double held = kv_bytes(model, context);
    CHECK(std::isfinite(held) && held >= before);
    before = held;
  }
  const Result<Model> narrow = with_precision(model, "fp4");
  CHECK(narrow.ok());
  CHECK(weight_bytes(*narrow) <= weight_bytes(model) * 4);
}

inline void fuzz_config(std::string_view text) {
  const Result<Model> model = read_config("config.json", text);
  if (!model) return check_message(model.error(), "config.json");
  check_model(*model);
}

inline void fuzz_model_file(std::string_view text) {
  const std::array files{text::NamedText{"models/toy.toml", text}};
  const Result<Library> library = Library::parse(files);
  if (!library) return check_message(library.error(), "models/toy.toml");
  for (const Entry& entry : library->all()) {
    CHECK(library->entry(entry.id) == &entry);
    check_model(entry.model);
  }
}

}  // namespace assay::model
