// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/lab_view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "assay/format/format.hpp"
#include "assay/lab/kernel.hpp"
#include "assay/wire/json.hpp"

namespace assay::cli {

using appraise::Appraisal;
using format::percent;
using format::wall_iso;
using wire::Json;
using wire::line_of;
using wire::number;
using wire::optional_integer;
using wire::reading_json;

namespace {

using metric::Id;

template <typename T>
std::string text_of(const sample::Reading<T>& reading) {
  return reading.value() ? percent(*reading.value()) : std::string("unknown");
}

std::string limiter_text(const ladder::SpeedOfLight& sol) {
  if (!sol.value.value()) return "unknown";
  return fmt::format("{} {}", percent(*sol.value.value()), ladder::to_string(sol.limiter));
}

// The power at the moment, not the driver's one-second average: that still climbs when a kernel of
// two seconds is half done.
sample::Reading<Watts> power_of(const sample::Sample& sample) {
  const auto instant = sample.get<Id::power_instant>();
  return instant.usable() ? instant : sample.get<Id::power>();
}

std::string shape(const lab::Run& run) {
  if (!run.grid || !run.block) return run.via.empty() ? "-" : run.via.substr(0, run.via.find(' '));
  return fmt::format("{}x{}", *run.grid, *run.block);
}

std::string columns_of(const Style& style, std::string_view kernel, std::string_view launch,
                       std::string_view util, std::string_view active, std::string_view occupancy,
                       std::string_view sol, std::string_view power) {
  std::string line = fmt::format("{}{}{:>9}{:>11}", fit_left(style, kernel, 13),
                                 fit_left(style, launch, 11), util, active);
  if (style.width >= 78) line += fmt::format("{:>10}", occupancy);
  line += fmt::format("{:>15}", sol);
  if (style.width >= 70) line += fmt::format("{:>7}", power);
  return line + "\n";
}

struct Roof {
  std::string_view name;
  std::optional<double> measured;
  std::optional<double> sheet;
  double scale;
  std::string_view unit;
};

std::string roof_line(const Roof& roof) {
  if (!roof.measured) return "";
  std::string line =
      fmt::format("  {:<22}{:>9.4g} {:<8}", roof.name, *roof.measured / roof.scale, roof.unit);
  if (roof.sheet)
    line += fmt::format("  {:>5.1f} % of the datasheet's {:.4g}",
                        *roof.measured / *roof.sheet * 100, *roof.sheet / roof.scale);
  return line + "\n";
}

std::optional<double> sheet_peak(const catalog::Chip* chip, catalog::Dtype dtype,
                                 catalog::Engine engine) {
  const catalog::Peak* peak = chip != nullptr ? chip->peak(dtype, engine) : nullptr;
  return peak != nullptr ? std::optional(peak->rate.value.value()) : std::nullopt;
}

template <typename T>
std::optional<double> bare(const std::optional<T>& value) {
  return value ? std::optional(value->value()) : std::nullopt;
}

}  // namespace

std::string lab_header(const Style& style) {
  return paint(style, Tone::faint,
               columns_of(style, "kernel", "grid", "GPU-Util", "SM active", "occupancy",
                          "speed of light", "W"));
}

std::string lab_line(const Style& style, const LabRow& row) {
  if (!row.reading)
    return fmt::format("{}{}no window of the meter lay inside\n",
                       fit_left(style, printable(row.moment.run.id), 14),
                       fit_left(style, shape(row.moment.run), 11));
  const Appraisal& device = *row.reading;
  const auto power = power_of(device.sample).value();
  return columns_of(style, printable(row.moment.run.id), printable(shape(row.moment.run)),
                    text_of(device.sample.get<Id::gpu_util>()),
                    text_of(device.sample.get<Id::sm_active>()),
                    text_of(device.sample.get<Id::sm_occupancy>()), limiter_text(device.ladder.sol),
                    power ? fmt::format("{:.0f}", power->value()) : "?");
}

std::string lab_footer(const Style& style) {
  return paint(style, Tone::faint,
               wrap("GPU-Util is the share of time with any kernel resident. SM active is the "
                    "share of the SMs that had work. Speed of light is the busiest limiter over "
                    "its peak. Occupancy is no efficiency.",
                    style.width, 0)) +
         "\n";
}

std::string roofs_view(const Style& style, const lab::Roofs& roofs, const catalog::Chip* chip) {
  using catalog::Dtype;
  using catalog::Engine;
  std::optional<double> dram;
  if (chip != nullptr && chip->device_memory() != nullptr && chip->device_memory()->bandwidth)
    dram = chip->device_memory()->bandwidth->value.value();
  std::string out = paint(style, Tone::strong, "Measured roofs of this device") + "\n";
  for (const Roof& roof : std::initializer_list<Roof>{
           {"DRAM copy", bare(roofs.dram_copy), dram, 1e9, "GB/s"},
           {"DRAM read", bare(roofs.dram_read), dram, 1e9, "GB/s"},
           {"PCIe host to device", bare(roofs.pcie_h2d), std::nullopt, 1e9, "GB/s"},
           {"fp32", bare(roofs.fp32), sheet_peak(chip, Dtype::fp32, Engine::vector), 1e12,
            "TFLOP/s"},
           {"fp64", bare(roofs.fp64), sheet_peak(chip, Dtype::fp64, Engine::vector), 1e12,
            "TFLOP/s"},
           {"bf16 tensor", bare(roofs.bf16_tensor), sheet_peak(chip, Dtype::bf16, Engine::matrix),
            1e12, "TFLOP/s"}})
    out += roof_line(roof);
  if (!roofs.tensor_via.empty())
    out += paint(style, Tone::faint,
                 fmt::format("  tensor product by {}\n", printable(roofs.tensor_via)));
  return out;
}

std::string lab_list_json() {
  Json kernels = Json::array();
  for (const lab::KernelInfo& kernel : lab::kernels())
    kernels.push_back({{"kernel", kernel.id}, {"what", kernel.what}});
  return line_of({{"schema", "assay.lab-list/1"}, {"kernels", std::move(kernels)}});
}

std::string lab_json(const LabRow& row) {
  const lab::Run& run = row.moment.run;
  Json json = {{"kernel", run.id},
               {"grid", optional_integer(run.grid)},
               {"block", optional_integer(run.block)}};
  const sample::Sample none;
  const sample::Sample& sample = row.reading ? row.reading->sample : none;
  json["gpu_util"] = reading_json(sample.get<Id::gpu_util>());
  json["sm_active"] = reading_json(sample.get<Id::sm_active>());
  json["occupancy"] = reading_json(sample.get<Id::sm_occupancy>());
  json["sol"] =
      reading_json(row.reading ? row.reading->ladder.sol.value
                               : sample::Reading<Ratio>::unknown(sample::Reason::missing_input));
  const bool limited = row.reading && row.reading->ladder.sol.limiter != ladder::Limiter::none;
  json["sol"]["limiter"] =
      limited ? Json(ladder::to_string(row.reading->ladder.sol.limiter)) : Json(nullptr);
  json["power_w"] = reading_json(power_of(sample));
  json["via"] = run.via;
  json["launches"] = run.launches;
  json["seconds"] = run.elapsed.value();
  json["flops"] = run.flops.value();
  json["dram_bytes"] = number(run.dram_bytes);
  json["pcie_bytes"] = run.pcie_bytes.value();
  json["from"] = wall_iso(row.moment.from);
  json["to"] = wall_iso(row.moment.to);
  return line_of(json);
}

}  // namespace assay::cli
