// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace assay {

// What went wrong, as far as a caller may want to branch on it. The exit code of the program and
// the state of a reading follow from this, so a new code needs a row in both (cli/exit_code.cpp).
enum class ErrorCode {
  invalid_argument,    // the user's input is malformed: usage, a TOML file, a flag
  not_found,           // a file, device, chip or library is not there
  nothing_to_measure,  // no accelerator or no driver: exit code 3
  not_supported,       // the device or driver lacks the feature
  no_permission,       // needs root, a group or a driver option
  device_lost,         // the device fell off the bus or was reset
  timeout,             // a call outlived its deadline
  version_refused,     // struct or file version that the other side does not take
  corrupt,             // a recording or file is damaged
  io,                  // the operating system refused to read or write
  internal,            // a library answered what it never should
};

std::string_view to_string(ErrorCode code);

// message: what failed, on what, why, and what to do, as one sentence without a trailing newline.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;

  // Puts "what: " in front, for a caller that knows on whose behalf the call was made.
  [[nodiscard]] Error within(std::string_view what) const {
    return {code, std::string(what) + ": " + message};
  }
  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace assay
