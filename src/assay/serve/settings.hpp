// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/text/named_text.hpp"
#include "assay/units/units.hpp"

namespace assay::serve {

// What the command line or serve.toml says; what neither says has a default.
struct Settings {
  std::optional<std::string> listen;  // "127.0.0.1:9400"
  std::optional<std::string> store;
  std::optional<std::string> token_file;
  std::optional<std::string> tls_cert;
  std::optional<std::string> tls_key;
  std::optional<Seconds> period;
  std::optional<Seconds> retain_age;
  std::optional<std::int64_t> retain_bytes;
  std::optional<bool> dcgm_names;
  std::vector<std::string> hosts;
  std::optional<std::string> engine;  // URL of a serving engine
  std::vector<std::string> remote_write;
  std::vector<std::string> otlp;
  std::optional<Seconds> push_period;
  std::optional<std::string> push_token_file;

  // The keys are the flags' names with _ for -, all at the top of the file. Fails with the first
  // problem, as "file:line: ...".
  static Result<Settings> parse(const text::NamedText& file);
  // These, and of `base` what these do not say.
  [[nodiscard]] Settings over(const Settings& base) const;
};

// The keys whose values differ and that a daemon reads at its start alone: all but host,
// token_file, tls_cert and tls_key.
std::vector<std::string_view> restart_keys(const Settings& running, const Settings& fresh);

// "500MB", "1GB", "2GiB", "1e9"; a whole number of bytes.
Result<std::int64_t> parse_bytes(std::string_view text);

// "7d", or as format::parse_duration has it.
Result<Seconds> parse_age(std::string_view text);

}  // namespace assay::serve
