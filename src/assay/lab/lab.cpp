// SPDX-License-Identifier: Apache-2.0
#include "assay/lab/lab.hpp"

#include <utility>

#include "assay/lab/driver.hpp"
#include "assay/lab/driver_cuda.hpp"
#include "assay/lab/runner.hpp"

namespace assay::lab {

Result<std::unique_ptr<Lab>> Lab::open(std::string_view device_uuid) {
  TRY_ASSIGN(auto driver, Driver::load());
  TRY_ASSIGN(std::unique_ptr<Cuda> cuda, DriverCuda::open(std::move(driver), device_uuid));
  return std::make_unique<Lab>(std::move(cuda));
}

Result<Run> Lab::run(std::string_view id, Seconds duration) {
  return run_kernel(*cuda_, id, duration);
}

}  // namespace assay::lab
