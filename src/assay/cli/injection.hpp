// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "assay/base/private_folder.hpp"
#include "assay/base/result.hpp"
#include "assay/cli/child.hpp"

namespace assay::cli {

// The tracer's library, unpacked into a private folder that goes with this object, for the CUDA
// driver to load into what is started with variables().
class Injection {
 public:
  // Fails where it can't be unpacked, and, with not_supported, where the environment already names
  // an injection of the user's own: that one stays.
  static Result<Injection> prepare();

  [[nodiscard]] std::vector<Child::Variable> variables() const;

 private:
  explicit Injection(PrivateFolder folder) : folder_(std::move(folder)) {}
  PrivateFolder folder_;
};

}  // namespace assay::cli
