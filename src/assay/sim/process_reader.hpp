// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "assay/sim/kernel_reader.hpp"
#include "assay/sim/scenario.hpp"
#include "assay/text/toml_table.hpp"

namespace assay::sim {

// Finds kernels by name for the device at hand, and remembers which were used at all.
class KernelShelf {
 public:
  explicit KernelShelf(std::vector<KernelText> texts)
      : texts_(std::move(texts)), used_(texts_.size(), false), in_plan_(texts_.size()) {}

  void begin_device() { in_plan_.assign(texts_.size(), std::nullopt); }
  // Its index in plan.kernels, where it is put at its first use; nothing where none has this name.
  std::optional<std::size_t> take(std::string_view name, DevicePlan& plan,
                                  text::Problems& problems);
  [[nodiscard]] std::vector<std::string> names() const;
  void report_unused(text::Problems& problems) const;

 private:
  std::vector<KernelText> texts_;
  std::vector<bool> used_;
  std::vector<std::optional<std::size_t>> in_plan_;
};

// The [[device.process]] tables of a device into plan.processes, their kernels into plan.kernels.
void read_processes(text::TomlTable& device, KernelShelf& shelf, DevicePlan& plan,
                    text::Problems& problems);

}  // namespace assay::sim
