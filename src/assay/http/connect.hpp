// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/http/deadline.hpp"
#include "assay/http/stream.hpp"
#include "assay/http/url.hpp"

namespace assay::http {

// A connection to the URL's host, each of its addresses tried in turn, TLS not yet spoken. Errors:
// timeout; io with one sentence. A name server that hangs is left to a thread of its own.
Result<int> connect_to(const Url& url, const Deadline& deadline);

// Waits until the socket is readable or writable; false once the deadline is over.
bool wait_for(int fd, Io what, const Deadline& deadline);

}  // namespace assay::http
