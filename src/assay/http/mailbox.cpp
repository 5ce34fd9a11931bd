// SPDX-License-Identifier: Apache-2.0
#include "assay/http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "assay/base/check.hpp"

namespace assay::http {

Mailbox::Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(fd_ >= 0); }

Mailbox::~Mailbox() { ::close(fd_); }

void Mailbox::put(std::function<void()> work) {
  {
    const std::lock_guard lock(mutex_);
    work_.push_back(std::move(work));
  }
  ::eventfd_write(fd_, 1);
}

void Mailbox::do_all() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(fd_, &count));
  std::vector<std::function<void()>> all;
  {
    const std::lock_guard lock(mutex_);
    all.swap(work_);
  }
  for (const auto& one : all) one();
}

}  // namespace assay::http
