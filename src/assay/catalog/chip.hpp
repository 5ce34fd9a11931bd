// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/units/dtype.hpp"
#include "assay/units/units.hpp"

// What a chip file (data/chips/*.toml, schema in data/README.md) says, with typed units. Plain
// values: immutable once parsed, so any thread may read them.
namespace assay::catalog {

// From the surest down.
enum class Confidence {
  verified,  // read in the source that is named
  partial,   // derived, or read in a source that is not the maker's
  recalled,  // from memory: check before you rely on it
};

struct Source {
  std::string id;     // the key by which figures name it
  std::string title;  // for a person
  std::string url;    // empty where there is none (own measurements, memory)
  std::string date;   // YYYY, YYYY-MM or YYYY-MM-DD: when it was true or read
  Confidence confidence = Confidence::verified;
};

// A number that says where it is from. `source` indexes Chip::sources. The figure's confidence is
// its source's unless the file lowers it.
template <typename T>
struct Figure {
  T value{};
  std::size_t source = 0;
  Confidence confidence = Confidence::verified;
};

enum class ChipKind { cpu, gpu, fpga, asic, apu, cim };
using assay::Dtype;
enum class Engine {
  vector,  // CUDA cores, SIMD lanes, DSPs
  matrix,  // tensor cores, MXUs, systolic arrays, in-memory arrays
};
// What a product is added up in. GeForce boards run fp16 with fp32 sums at half rate.
enum class Accumulator { unstated, fp64, fp32, fp16, int32 };

// One level of memory. A chip lists its tiers fastest first (SRAM, HBM, LPDDR, host).
struct MemoryTier {
  std::string technology;
  std::optional<Figure<Bytes>> capacity;  // what the label says
  std::optional<Figure<Bytes>> usable;    // what software sees, where known
  std::optional<Figure<BytesPerSecond>> bandwidth;
  std::optional<Figure<Hertz>> clock;  // as NVML reports it (nvmlClockType_t MEM)

  // Usable where known, else the label; nothing where neither is.
  [[nodiscard]] std::optional<Bytes> available() const;
};

// A dense peak, multiply and add counted as two. Never a sparse one.
struct Peak {
  Dtype dtype = Dtype::fp32;
  Engine engine = Engine::vector;
  Accumulator accumulator = Accumulator::unstated;
  Figure<FlopsPerSecond> rate;
  std::optional<Hertz> clock;                  // at which the rate holds
  std::optional<double> ops_per_clk_per_unit;  // e.g. 4096 for bf16 on one H100 SM

  // The rate at another clock; the rate as stated where the file gives no clock.
  [[nodiscard]] FlopsPerSecond at(Hertz other) const;
};

enum class LinkRole { host, scale_up, scale_out };

// Always one way: vendors print NVLink both ways and PCIe one way. Both ways is twice this.
struct Link {
  LinkRole role = LinkRole::host;
  std::string name;
  Figure<BytesPerSecond> one_way;
  std::optional<int> lanes;
  // Chips that it joins at this rate, this one among them: 8 in an HGX board, 72 in an NVL72 rack.
  std::optional<int> domain;
};

// Of many offers: the least, the one to reckon with, the most.
template <typename T>
struct PriceRange {
  std::optional<T> low;
  std::optional<T> typical;
  std::optional<T> high;
  std::size_t source = 0;
  Confidence confidence = Confidence::verified;

  // The price to compare by: typical where known, else half-way from low to high, else the one.
  [[nodiscard]] std::optional<T> middle() const {
    if (typical) return typical;
    if (low && high) return (*low + *high) / 2.0;
    return low ? low : high;
  }
};

struct ComputeCapability {
  int major = 0;
  int minor = 0;
  friend bool operator==(const ComputeCapability&, const ComputeCapability&) = default;
};

struct Chip {
  std::string id;    // the file's name without .toml, e.g. "h100-sxm5-80gb"
  std::string name;  // for a person
  std::string vendor;
  ChipKind kind = ChipKind::gpu;
  std::string architecture;  // empty where unstated, as are process and notes
  std::string process;
  std::string notes;
  std::string file;                     // that it was read from
  std::vector<std::string> aliases;     // other names people and data files use, e.g. "h100_sxm"
  std::vector<std::string> nvml_names;  // exactly as nvmlDeviceGetName gives them
  std::optional<ComputeCapability> compute_capability;
  std::optional<Figure<int>> year;
  std::string unit;                          // "SM", "CU", "core", ...
  std::optional<Figure<int>> units;          // how many of them are enabled
  std::optional<Figure<int>> fp32_per_unit;  // fp32 lanes ("cores") of a unit
  std::optional<Figure<Hertz>> max_clock;    // of the units, as software reports it
  std::optional<Figure<Bytes>> l2;
  std::optional<Figure<Watts>> tdp;
  std::optional<Figure<Seconds>> util_sample_period;  // of NVML's utilization samples
  std::vector<MemoryTier> memory;
  std::vector<Peak> peaks;
  std::vector<Link> links;
  std::optional<PriceRange<DollarsPerHour>> rental;  // for one chip
  std::optional<PriceRange<Dollars>> purchase;
  std::vector<Source> sources;

  // The number of SMs of an NVIDIA GPU; nothing for chips whose unit is not an SM.
  [[nodiscard]] std::optional<int> sm_count() const;
  // The first peak listed for this dtype and engine: files put the accumulator that frameworks
  // use first. nullptr where the file gives none.
  [[nodiscard]] const Peak* peak(Dtype dtype, Engine engine) const;
  // The first peak listed for this dtype on the faster engine (matrix where there is one).
  [[nodiscard]] const Peak* peak(Dtype dtype) const;
  [[nodiscard]] const Link* link(LinkRole role) const;
  // The first tier: of a GPU, what nvidia-smi counts. nullptr where the file lists none.
  [[nodiscard]] const MemoryTier* device_memory() const;

  template <typename T>
  [[nodiscard]] const Source& source_of(const Figure<T>& figure) const {
    return sources.at(figure.source);
  }
  template <typename T>
  [[nodiscard]] const Source& source_of(const PriceRange<T>& range) const {
    return sources.at(range.source);
  }
};

// How many of a chip's figures are from memory, prices among them.
std::size_t recalled_figures(const Chip& chip);

std::string_view to_string(Confidence value);
std::string_view to_string(ChipKind value);
using assay::to_string;  // of Dtype
std::string_view to_string(Engine value);
std::string_view to_string(Accumulator value);
std::string_view to_string(LinkRole value);

}  // namespace assay::catalog
