// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/lab_moment.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <cmath>

#include "assay/wire/json.hpp"

namespace assay::cli {

using wire::Json;
using wire::line_of;
using wire::number;
using wire::optional_integer;

namespace {

constexpr std::int64_t kSettlingNs = 250'000'000;

}  // namespace

sample::Event to_event(const LabMoment& moment) {
  const lab::Run& run = moment.run;
  const Json json = {{"kernel", run.id},
                     {"grid", optional_integer(run.grid)},
                     {"block", optional_integer(run.block)},
                     {"launches", run.launches},
                     {"seconds", run.elapsed.value()},
                     {"flops", run.flops.value()},
                     {"dram_bytes", number(run.dram_bytes)},
                     {"pcie_bytes", run.pcie_bytes.value()},
                     {"via", run.via},
                     {"from_unix_ns", moment.from.unix_ns},
                     {"to_unix_ns", moment.to.unix_ns}};
  return {moment.to, moment.device, std::string(kLabKernelEvent), line_of(json)};
}

std::optional<LabMoment> from_event(const sample::Event& event) {
  if (event.kind != kLabKernelEvent) return std::nullopt;
  const Json json = Json::parse(event.text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto integer = [&json](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
  };
  const auto real = [&json](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_number() ? it->get<double>() : 0.0;
  };
  const auto text = [&json](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  LabMoment moment;
  moment.device = event.device;
  moment.run.id = text("kernel");
  if (integer("grid") > 0) moment.run.grid = integer("grid");
  if (integer("block") > 0) moment.run.block = integer("block");
  moment.run.launches = integer("launches");
  moment.run.elapsed = Seconds(real("seconds"));
  moment.run.flops = Flops(real("flops"));
  if (real("dram_bytes") > 0) moment.run.dram_bytes = Bytes(real("dram_bytes"));
  moment.run.pcie_bytes = Bytes(real("pcie_bytes"));
  moment.run.via = text("via");
  moment.from.unix_ns = integer("from_unix_ns");
  moment.to.unix_ns = integer("to_unix_ns");
  if (moment.run.id.empty() || moment.to <= moment.from) return std::nullopt;
  return moment;
}

std::string lab_words(const LabMoment& moment) {
  const lab::Run& run = moment.run;
  std::string out = run.id;
  if (run.grid) out += fmt::format(", grid {}", *run.grid);
  if (run.grid && run.block) out += fmt::format(" x {}", *run.block);
  out += fmt::format(", {} launch{} in {:.1f} s", run.launches, run.launches == 1 ? "" : "es",
                     run.elapsed.value());
  if (!(run.elapsed.value() > 0)) return out;
  const auto rate = [&](double amount, double unit) { return amount / run.elapsed.value() / unit; };
  std::string did;
  const auto add = [&](double per_second, std::string_view what) {
    if (per_second >= 0.05)
      did += fmt::format("{}{:.{}f} {}", did.empty() ? ": " : ", ", per_second,
                         per_second < 100 ? 1 : 0, what);
  };
  add(rate(run.flops.value(), 1e12), "TFLOP/s");
  if (run.dram_bytes) add(rate(run.dram_bytes->value(), 1e9), "GB/s of DRAM");
  add(rate(run.pcie_bytes.value(), 1e9), "GB/s of PCIe");
  return out + did;
}

bool is_inside(const sample::Sample& window, const LabMoment& moment) {
  const std::int64_t begin = window.at.unix_ns - std::llround(window.window.value() * 1e9);
  return begin >= moment.from.unix_ns + kSettlingNs && window.at <= moment.to;
}

std::vector<sample::Sample> windows_inside(std::span<const sample::Sample> windows,
                                           const LabMoment& moment) {
  std::vector<sample::Sample> inside;
  for (const sample::Sample& window : windows)
    if (is_inside(window, moment)) inside.push_back(window);
  return inside;
}

}  // namespace assay::cli
