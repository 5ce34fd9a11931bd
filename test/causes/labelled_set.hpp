// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/appraise/appraisal.hpp"
#include "assay/base/result.hpp"
#include "assay/causes/cause.hpp"
#include "assay/sample/tick_sums.hpp"

namespace assay::labelled {

// What a finding may rest on: counters alone, the trace beside them, all that `assay run` recorded;
// or, of another run of the program, what `assay scope` saw.
enum class Route : std::uint8_t { gpm, trace, run, scope };

// A row of programs.toml.
struct Program {
  std::string name;
  causes::Cause cause = causes::Cause::healthy;
  std::vector<causes::Cause> also;  // as true of it
  bool for_tuning = false;
  bool simulated = false;
  bool by_gpm = true;    // may be asked by counters alone
  bool by_trace = true;  // may be asked with the trace
};

// The recording of one program, seen as `assay replay` sees it.
struct Seen {
  Program program;
  appraise::Appraisal device;
  std::optional<sample::TickSums> ticks;  // one, of the means of a look
  std::shared_ptr<const void> catalog;    // what `device` points into

  // The first finding by that route; nothing where there is none.
  [[nodiscard]] std::optional<causes::Cause> first(Route route) const;
  // May be asked so: by what it is, and by what was recorded.
  [[nodiscard]] bool can_be_asked(Route route) const;
};

Result<std::vector<Program>> read_programs(const std::string& path);

// All programs with their recordings, `folder`/NAME.assay.zst, and looks, scope.json beside them.
Result<std::vector<Seen>> read_set(const std::string& programs, const std::string& folder);

}  // namespace assay::labelled
