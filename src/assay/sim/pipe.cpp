// SPDX-License-Identifier: Apache-2.0
#include "assay/sim/pipe.hpp"

namespace assay::sim {

std::string_view to_string(Pipe pipe) {
  switch (pipe) {
    case Pipe::hmma: return "hmma";
    case Pipe::imma: return "imma";
    case Pipe::dmma: return "dmma";
    case Pipe::fp64: return "fp64";
    case Pipe::fp32: return "fp32";
    case Pipe::fp16: return "fp16";
    case Pipe::integer: return "int";
  }
  return "";
}

}  // namespace assay::sim
