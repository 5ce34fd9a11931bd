// SPDX-License-Identifier: Apache-2.0
#include "assay/serve/latest.hpp"

#include <fmt/format.h>

#include <utility>

#include "assay/wire/snapshot_json.hpp"

namespace assay::serve {

void Latest::set(appraise::AppraisedSnapshot snapshot) {
  auto shared = std::make_shared<const appraise::AppraisedSnapshot>(std::move(snapshot));
  const std::lock_guard lock(mutex_);
  snapshot_.swap(shared);  // the old one is freed after the lock
  set_ = Clock::now();
  json_.reset();
  event_.reset();
}

std::shared_ptr<const appraise::AppraisedSnapshot> Latest::snapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

http::SharedText Latest::json() {
  const std::lock_guard make(making_);
  std::shared_ptr<const appraise::AppraisedSnapshot> of;
  {
    const std::lock_guard lock(mutex_);
    if (json_ || !snapshot_) return json_;
    of = snapshot_;
  }
  auto text = std::make_shared<const std::string>(wire::snapshot_json(*of));
  const std::lock_guard lock(mutex_);
  if (of == snapshot_) json_ = text;  // else a newer one came meanwhile
  return text;
}

http::SharedText Latest::event() {
  {
    const std::lock_guard lock(mutex_);
    if (event_) return event_;
  }
  const auto of = snapshot();
  const http::SharedText data = json();
  if (!of || !data) return nullptr;
  auto text = std::make_shared<const std::string>(
      fmt::format("id: {}\nevent: snapshot\ndata: {}\n\n", of->at.unix_ns, *data));
  const std::lock_guard lock(mutex_);
  if (of == snapshot_) event_ = text;
  return text;
}

std::optional<Seconds> Latest::age() const {
  const std::lock_guard lock(mutex_);
  if (!snapshot_) return std::nullopt;
  return Seconds(std::chrono::duration<double>(Clock::now() - set_).count());
}

}  // namespace assay::serve
