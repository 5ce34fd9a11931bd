// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/http/answer.hpp"
#include "assay/sample/sample.hpp"

namespace assay::serve {

// "event: note\ndata: {"at":"…","device":0,"kind":"xid","text":"…"}\n\n" for subscribers; device is
// null where it is of none in particular.
http::SharedText note_text(const sample::Event& event);

}  // namespace assay::serve
