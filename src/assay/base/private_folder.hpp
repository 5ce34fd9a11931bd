// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "assay/base/result.hpp"

namespace assay {

// A folder that only this user may enter, removed with all that is in it when this goes. What a
// killed process left is removed when the next folder of that name is made: whoever made a folder
// holds a lock on it for life, so an unlocked one has no owner any more. Other users' folders,
// links and folders younger than kYoungSeconds (they may not be locked yet) are left alone. Move
// only.
class PrivateFolder {
 public:
  static constexpr int kYoungSeconds = 60;

  // PARENT/NAME-XXXXXX. Errors: io; the message is the system's word only ("No space left ...").
  static Result<PrivateFolder> make(const std::string& parent, std::string_view name);
  ~PrivateFolder();
  PrivateFolder(PrivateFolder&& other) noexcept;
  PrivateFolder& operator=(PrivateFolder&&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  PrivateFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_ = -1;  // the folder's descriptor
};

}  // namespace assay
