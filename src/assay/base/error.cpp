// SPDX-License-Identifier: Apache-2.0
#include "assay/base/error.hpp"

namespace assay {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid argument";
    case ErrorCode::not_found: return "not found";
    case ErrorCode::nothing_to_measure: return "nothing to measure";
    case ErrorCode::not_supported: return "not supported";
    case ErrorCode::no_permission: return "no permission";
    case ErrorCode::device_lost: return "device lost";
    case ErrorCode::timeout: return "timeout";
    case ErrorCode::version_refused: return "version refused";
    case ErrorCode::corrupt: return "corrupt";
    case ErrorCode::io: return "input/output error";
    case ErrorCode::internal: return "internal error";
  }
  return "unknown error";
}

}  // namespace assay
