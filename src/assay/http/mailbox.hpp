// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace assay::http {

// Work handed to a thread that waits on a descriptor.
class Mailbox {
 public:
  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  [[nodiscard]] int fd() const { return fd_; }  // readable while something lies in it
  void put(std::function<void()> work);         // from any thread
  void do_all();                                // on the thread that waits

 private:
  int fd_;
  std::mutex mutex_;
  std::vector<std::function<void()>> work_;
};

}  // namespace assay::http
