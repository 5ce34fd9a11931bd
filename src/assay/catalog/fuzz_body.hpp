// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "assay/base/check.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/claims.hpp"
#include "assay/catalog/user_config.hpp"

// What must hold of any bytes at all, for the unit test's mutations and for libFuzzer alike.
namespace assay::catalog {

// An error is one line, "x.toml:<line>: ...", that cannot drive a terminal.
inline void check_message(const Error& error, std::string_view file) {
  CHECK(error.code == ErrorCode::invalid_argument);
  const std::string_view text = error.message;
  CHECK(text.starts_with(file));
  CHECK(text.size() > file.size() + 2);
  CHECK(text[file.size()] == ':');
  CHECK(text[file.size() + 1] >= '1' && text[file.size() + 1] <= '9');
  CHECK(std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<std::uint8_t>(c);
    return byte < 0x20 || byte == 0x7f;
  }));
}

inline void fuzz_chip(std::string_view text) {
  const std::array files{text::NamedText{"toy.toml", text}};
  const Result<Catalog> parsed = Catalog::parse(files);
  if (!parsed) return check_message(parsed.error(), "toy.toml");
  for (const Chip& chip : parsed->all()) {
    CHECK(parsed->find(chip.id) == &chip);
    for (const Peak& peak : chip.peaks) {
      CHECK(std::isfinite(peak.rate.value.value()) && peak.rate.value.value() > 0);
      CHECK(!chip.source_of(peak.rate).title.empty());
    }
  }
}

inline void fuzz_claim(std::string_view text) {
  const std::array files{text::NamedText{"toy.toml", text}};
  const Result<Claims> parsed = Claims::parse(files);
  if (!parsed) return check_message(parsed.error(), "toy.toml");
  for (const Claim& claim : parsed->all()) {
    CHECK(!claim.origin().title.empty());
    CHECK(!claim.evidence.empty());
    for (const Error& error : parsed->check_against(Catalog())) check_message(error, "toy.toml");
  }
}

inline void fuzz_config(std::string_view text) {
  const Result<UserConfig> parsed = UserConfig::parse({"config.toml", text});
  if (!parsed) return check_message(parsed.error(), "config.toml");
  for (const UserConfig::Price& price : parsed->by_chip) CHECK(price.value.value() > 0);
  for (const UserConfig::Price& price : parsed->by_uuid) CHECK(price.value.value() > 0);
}

}  // namespace assay::catalog
