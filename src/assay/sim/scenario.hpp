// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/catalog.hpp"
#include "assay/catalog/chip.hpp"
#include "assay/catalog/sm_limits.hpp"
#include "assay/sim/occupancy.hpp"
#include "assay/sim/pipe.hpp"
#include "assay/units/units.hpp"

// What a scenario file says (schema: data/scenarios/README.md), checked and resolved for its chips.
// All times are nanoseconds since the scenario's epoch.
namespace assay::sim {

inline constexpr std::int64_t kNever = INT64_MAX;
inline constexpr std::size_t kMaxDevices = 4096;

// What one block of a kernel asks of the chip, and what it costs in time.
struct KernelSpec {
  std::string name;
  std::int64_t grid = 1;  // blocks
  BlockShape shape;
  Occupancy occupancy;        // of this shape on this chip; blocks_per_sm >= 1
  BlockFootprint footprint;   // of one block
  bool endless = false;       // runs until its stream stops
  std::int64_t block_ns = 0;  // a block takes at least this long, at any clock
  double block_cycles = 0;    // and at least this many SM cycles
  PipeArray pipe_cycles{};    // SM cycles of the pipe at its peak, one block
  bool on_pipes = false;      // any of these is above 0
  double dram_read = 0;       // bytes, one block, as are those below
  double dram_write = 0;
  double pcie_tx = 0;
  double pcie_rx = 0;
  double nvlink_tx = 0;
  double nvlink_rx = 0;
  double pipe_efficiency = 1;  // share of a pipe's peak that this kernel can reach
  double dram_efficiency = 1;  // of DRAM bandwidth
  // Instructions beside the work: the share of its SM's pipe that one resident warp keeps busy, as
  // long as it is resident, and the share that all of them can't pass. For spin and FMA loops.
  PipeArray warp_rate{};
  PipeArray rate_limit{};
  bool has_rate = false;  // any warp_rate is above 0
  double lanes = 32;      // of a warp, active on average: 1..32
};

enum class CopyKind : std::uint8_t { h2d, d2h, nvlink_in, nvlink_out };

// A step of a stream: after `gap_ns` of nothing, a kernel or a copy, `times` over.
struct OpSpec {
  enum class Kind : std::uint8_t { kernel, copy, pause };
  Kind kind = Kind::pause;
  std::size_t kernel = 0;  // index into DevicePlan::kernels
  CopyKind copy = CopyKind::h2d;
  double bytes = 0;            // of a copy
  std::int64_t gap_ns = 0;     // before each; host time in which this stream has nothing to run
  std::int64_t launch_ns = 0;  // of a kernel: the front end is busy and no SM has a warp yet
  std::int64_t times = 1;
  // Waits until that op of that stream (of the same process, same iteration) has ended.
  struct Dependency {
    std::size_t stream = 0;
    std::size_t op = 0;
  };
  std::vector<Dependency> after;
};

struct StreamSpec {
  std::string name;
  std::int64_t start_ns = 0;
  std::int64_t stop_ns = kNever;  // what runs then ends at once
  std::int64_t repeat = 0;        // iterations of all ops; 0 = without end
  double jitter = 0;              // gaps vary by up to this share, the same way every 16 iterations
  std::vector<OpSpec> ops;
  std::vector<std::size_t> dependents;  // streams that wait for one of these ops, each once
};

struct ProcessSpec {
  std::int64_t pid = 0;
  std::string name;
  Bytes memory;               // the user's; a context's own comes on top
  std::int64_t start_ns = 0;  // when its context is made
  std::int64_t stop_ns = kNever;
  std::vector<StreamSpec> streams;
};

enum class EventKind : std::uint8_t {
  xid,            // value: the number
  lost,           // the device falls off the bus, its processes end (Xid 79 is logged with it)
  back,           // and is there again, counters of the driver at 0
  ecc_corrected,  // value: how many more
  ecc_uncorrected,
  driver_unload,  // first half of a driver reload; processes end
  driver_load,    // second half; counters of the driver at 0
  power_cap,      // value: watts; enforced from then on
  ambient,        // value: degrees Celsius of the air or water that cools the device
  clock_cap,      // value: hertz, 0 = lifted; reason says whose
};
std::string_view to_string(EventKind kind);

struct EventSpec {
  std::int64_t at_ns = 0;
  EventKind kind = EventKind::xid;
  double value = 0;
  std::uint64_t reason = 0;  // of a clock_cap: NVML's throttle bit
};

// What the devices of one [[device]] table share. Immutable.
struct DevicePlan {
  catalog::Chip chip;
  catalog::SmLimits limits{};
  Hertz max_clock;
  Hertz idle_clock;  // without a context
  Watts power_limit;
  double ambient_c = 30;
  std::vector<KernelSpec> kernels;
  std::vector<ProcessSpec> processes;
  std::vector<EventSpec> events;  // by time
};

struct DeviceEntry {
  std::string uuid;
  std::shared_ptr<const DevicePlan> plan;
  std::int64_t offset_ns = 0;   // all of this device's processes start and stop that much later
  std::int64_t pid_offset = 0;  // added to the plan's process ids
  std::uint64_t seed = 0;       // of the jitter
};

struct Scenario {
  std::string name;         // the file's name without path and ".toml"
  std::string description;  // one line for a person
  std::uint64_t seed = 0;
  std::int64_t look_at_ns = 0;       // when it shows what it is named for: where one look begins
  std::vector<DeviceEntry> devices;  // by index
};

// Fails with the first problem as "file:line: what is wrong and what to do". file is for messages
// and gives the name.
Result<Scenario> parse_scenario(std::string_view file, std::string_view text,
                                const catalog::Catalog& catalog);
// All problems of the file, by line; empty = clean.
std::vector<Error> check_scenario(std::string_view file, std::string_view text,
                                  const catalog::Catalog& catalog);

// The scenarios that were compiled into the program; names as in `assay sim NAME`, sorted.
std::vector<std::string> embedded_scenarios();
// The text of one; nothing where there is none of this name.
std::optional<std::string_view> embedded_scenario_text(std::string_view name);
// Parsed, with the embedded catalog's chips. not_found names the nearest.
Result<Scenario> embedded_scenario(std::string_view name);

}  // namespace assay::sim
