// SPDX-License-Identifier: Apache-2.0
// assay-duty SECONDS PERIOD_US ON_US: in every period all SMs spin for a part of it, by the
// device's own timer, and nothing is resident in between: a known duty cycle for the microscope.
// The host paces the periods by absolute time, so that the ratio holds on average whatever a launch
// takes.
#include <fmt/format.h>
#include <time.h>

#include <charconv>
#include <string_view>

#include "assay/lab/driver_cuda.hpp"
#include "assay/lab/owned.hpp"

namespace {

using namespace assay;

Status spin(lab::Cuda& cuda, double seconds, long period_ns, std::uint64_t on_ns) {
  TRY_ASSIGN(const auto control, lab::Buffer::make(cuda, sizeof(lab::Control)));
  lab::KernelArgs args{.control = control.get(), .duration_ns = on_ns};
  args.max_rounds = on_ns;  // a round takes more than a nanosecond
  timespec next{};
  clock_gettime(CLOCK_MONOTONIC, &next);
  for (double left = seconds * 1e9; left > 0; left -= static_cast<double>(period_ns)) {
    TRY(cuda.clear(args.control, sizeof(lab::Control)));
    TRY(cuda.launch(lab::Function::spin, cuda.info().sm_count, 32, args));
    next.tv_nsec += period_ns;
    next.tv_sec += next.tv_nsec / 1'000'000'000;
    next.tv_nsec %= 1'000'000'000;
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
  }
  return cuda.synchronize();
}

double number(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Status run(char** argv) {
  TRY_ASSIGN(auto driver, lab::Driver::load());
  TRY_ASSIGN(const auto cuda, lab::DriverCuda::open(std::move(driver), ""));
  return spin(*cuda, number(argv[1]), static_cast<long>(number(argv[2]) * 1e3),
              static_cast<std::uint64_t>(number(argv[3]) * 1e3));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return fmt::print(stderr, "usage: assay-duty SECONDS PERIOD_US ON_US\n"), 2;
  const Status done = run(argv);
  if (done) return 0;
  fmt::print(stderr, "assay-duty: {}\n", done.error().message);
  return done.error().code == ErrorCode::nothing_to_measure ? 3 : 1;
}
