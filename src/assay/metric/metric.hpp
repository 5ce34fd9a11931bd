// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "assay/units/units.hpp"

namespace assay::metric {

// One enumerator a row of metrics.def; an id that is not in the table does not compile.
enum class Id : std::uint16_t {
#define ASSAY_METRIC(id, unit, kind, source, help) id,
#include "assay/metric/metrics.def"
#undef ASSAY_METRIC
};

inline constexpr std::size_t kCount = 0
#define ASSAY_METRIC(id, unit, kind, source, help) +1
#include "assay/metric/metrics.def"
#undef ASSAY_METRIC
    ;

enum class Kind : std::uint8_t { gauge, counter };

// Where a value comes from. The route that measured it, not the way it travelled: a replayed GPM
// value is still gpm (the snapshot's origin says "recording").
enum class Source : std::uint8_t {
  none,
  nvml,
  gpm,
  pm_sampling,
  trace,
  lab,
  catalog,
  config,
  computed
};

enum class Unit : std::uint8_t {
  ratio,
  watts,
  joules,
  bytes,
  bytes_per_second,
  hertz,
  celsius,
  count,
};

struct Def {
  Id id;
  std::string_view name;
  Unit unit;
  Kind kind;
  Source source;  // the best route to it
  std::string_view help;
};

// All rows in table order: all()[index(id)] is id's own.
std::span<const Def> all();
const Def& def(Id id);
std::optional<Id> find(std::string_view name);
constexpr std::size_t index(Id id) { return static_cast<std::size_t>(id); }

std::string_view to_string(Id id);
std::string_view to_string(Unit unit);  // "ratio", "bytes_per_second", ...
std::string_view to_string(Kind kind);
std::string_view to_string(Source source);  // "gpm", "pm-sampling", ...
std::optional<Source> parse_source(std::string_view name);

template <typename T>
constexpr Unit unit_of() {
  if constexpr (std::is_same_v<T, Ratio>) return Unit::ratio;
  else if constexpr (std::is_same_v<T, Watts>) return Unit::watts;
  else if constexpr (std::is_same_v<T, Joules>) return Unit::joules;
  else if constexpr (std::is_same_v<T, Bytes>) return Unit::bytes;
  else if constexpr (std::is_same_v<T, BytesPerSecond>) return Unit::bytes_per_second;
  else if constexpr (std::is_same_v<T, Hertz>) return Unit::hertz;
  else if constexpr (std::is_same_v<T, Celsius>) return Unit::celsius;
  else {
    static_assert(std::is_same_v<T, Count>, "a metric's unit must have a row in Unit");
    return Unit::count;
  }
}

namespace detail {
template <Id id>
struct ValueType;
#define ASSAY_METRIC(id, unit, kind, source, help) \
  template <>                                      \
  struct ValueType<Id::id> {                       \
    using type = unit;                             \
  };
#include "assay/metric/metrics.def"
#undef ASSAY_METRIC
}  // namespace detail

// The C++ type of a metric's value: Value<Id::power> is Watts.
template <Id id>
using Value = typename detail::ValueType<id>::type;

}  // namespace assay::metric
