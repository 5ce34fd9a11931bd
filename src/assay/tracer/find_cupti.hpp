// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace assay::tracer {

// Goes through the places where this process may find CUPTI, best first, until `take` says that one
// served:
//   1. one that is loaded already (PyTorch brings its own);
//   2. $ASSAY_CUPTI, a file;
//   3. beside what is loaded: libcudart, and pip's nvidia/ folders next to it or to torch;
//   4. $CUDA_HOME, $CUDA_PATH, /usr/local/cuda and its likes, Debian's folder;
//   5. wherever the loader finds one.
// In each place the newest first, but none newer than the driver's CUDA (`driver_major`, 0 =
// unknown). `take` gets a path and whether it is loaded already. True if one served.
bool find_cupti(int driver_major, bool (*take)(const char* path, bool loaded));

}  // namespace assay::tracer
