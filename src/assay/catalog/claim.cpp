// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/claim.hpp"

namespace assay::catalog {
namespace {

template <typename T>
std::optional<double> bare(const std::optional<Figure<T>>& figure, double unit) {
  if (!figure) return std::nullopt;
  return figure->value.value() / unit;
}

std::optional<double> link_rate(const Chip& chip, LinkRole role) {
  const Link* link = chip.link(role);
  if (link == nullptr) return std::nullopt;
  return link->one_way.value / gigabytes_per_second(1);
}

}  // namespace

std::string_view measure_unit(Measure measure) {
  switch (measure) {
    case Measure::peak: return "TFLOP/s";
    case Measure::bandwidth:
    case Measure::scale_up:
    case Measure::scale_out: return "GB/s";
    case Measure::capacity: return "GiB";
    case Measure::usable: return "MiB";
    case Measure::tdp: return "W";
    case Measure::units: return "units";
  }
  return "";
}

std::optional<double> measured(const Chip& chip, Measure measure, Dtype dtype) {
  const MemoryTier* memory = chip.device_memory();
  const Peak* peak = chip.peak(dtype);
  switch (measure) {
    case Measure::peak:
      if (peak == nullptr) return std::nullopt;
      return peak->rate.value / teraflops(1);
    case Measure::bandwidth:
      if (memory == nullptr) return std::nullopt;
      return bare(memory->bandwidth, gigabytes_per_second(1).value());
    case Measure::capacity:
      if (memory == nullptr) return std::nullopt;
      return bare(memory->capacity, gib(1).value());
    case Measure::usable:
      if (memory == nullptr) return std::nullopt;
      return bare(memory->usable, mib(1).value());
    case Measure::tdp: return bare(chip.tdp, 1);
    case Measure::scale_up: return link_rate(chip, LinkRole::scale_up);
    case Measure::scale_out: return link_rate(chip, LinkRole::scale_out);
    case Measure::units:
      if (!chip.units) return std::nullopt;
      return chip.units->value;
  }
  return std::nullopt;
}

std::string_view to_string(Verdict value) {
  switch (value) {
    case Verdict::confirmed: return "confirmed";
    case Verdict::partly: return "partly";
    case Verdict::contradicted: return "contradicted";
    case Verdict::unverified: return "unverified";
  }
  return "?";
}

std::string_view to_string(Stance value) {
  switch (value) {
    case Stance::supports: return "supports";
    case Stance::against: return "against";
    case Stance::context: return "context";
  }
  return "?";
}

std::string_view to_string(Measure value) {
  switch (value) {
    case Measure::peak: return "peak";
    case Measure::bandwidth: return "bandwidth";
    case Measure::capacity: return "capacity";
    case Measure::usable: return "usable";
    case Measure::tdp: return "tdp";
    case Measure::scale_up: return "scale_up";
    case Measure::scale_out: return "scale_out";
    case Measure::units: return "units";
  }
  return "?";
}

}  // namespace assay::catalog
