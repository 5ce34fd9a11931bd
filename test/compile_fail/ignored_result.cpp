// SPDX-License-Identifier: Apache-2.0
// A Result is never dropped: the failure would be silent.
#include "assay/base/result.hpp"

using namespace assay;

Status save() { return Error{ErrorCode::io, "disk full"}; }

#ifdef ASSAY_FIXED
bool caller() { return save().ok(); }
#else
void caller() { save(); }
#endif
