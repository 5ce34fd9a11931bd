// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/base/result.hpp"
#include "assay/cli/decode_bridge.hpp"
#include "assay/cli/options.hpp"
#include "assay/serve/daemon.hpp"
#include "assay/serve/settings.hpp"

namespace assay::cli {

struct ServeOptions {
  CommonOptions common;
  std::string config;  // --config; empty: serve.toml of the config folder, if it is there
  serve::Settings flags;
  DecodeOptions decode;  // what goes with flags.engine
};

void add_serve_options(CLI::App& app, ServeOptions& options);

// The flags, and what the config file says besides.
Result<serve::Settings> serve_settings(const ServeOptions& options);

// With the token and the keys read. invalid_argument: an address that others reach without a token
// and TLS; no folder for the store.
Result<serve::DaemonOptions> daemon_options(const serve::Settings& settings,
                                            const ServeOptions& options);

}  // namespace assay::cli
