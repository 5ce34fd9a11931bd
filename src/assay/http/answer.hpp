// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "assay/http/message.hpp"
#include "assay/http/request.hpp"

namespace assay::http {

// A text that many connections send: made once.
using SharedText = std::shared_ptr<const std::string>;

// The answer comes by Server::answer(request.ticket, …), from any thread.
struct Later {};

// The connection stays open and gets whatever Server::publish is given from now on.
struct Subscription {
  Headers headers;
  SharedText first;  // sent at once; may be null
};

using Answer = std::variant<Response, Later, Subscription>;

// Called on the server's thread; must not block.
using Handler = std::function<Answer(const Request&)>;

}  // namespace assay::http
