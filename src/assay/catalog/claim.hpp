// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "assay/catalog/chip.hpp"

// What somebody said of a chip, beside the evidence for or against it (data/claims/*.toml, schema
// in data/README.md). Plain values: immutable once parsed, so any thread may read them.
namespace assay::catalog {

enum class Verdict {
  confirmed,     // the evidence bears it out
  partly,        // true of a part, or under a condition that the claim leaves out
  contradicted,  // the evidence says otherwise
  unverified,    // nobody but its author has shown it
};

// Which way a piece of evidence points.
enum class Stance { supports, against, context };

// A number with its unit as text; "ratio" is one over the other, 1 = equal.
struct Stated {
  double value = 0;
  std::string unit;
};

// What of a chip a computed piece of evidence compares. In the unit that measure_unit() names; of
// memory, the first tier.
enum class Measure { peak, bandwidth, capacity, usable, tdp, scale_up, scale_out, units };
std::string_view measure_unit(Measure measure);

// The figure of a chip in that unit; nothing where the catalog has none. dtype matters to peak
// only.
std::optional<double> measured(const Chip& chip, Measure measure, Dtype dtype);

// value = of / over, two numbers that the source gives.
struct Quotient {
  double of = 0;
  double over = 0;
};

// value = a figure of the chip `of`, or that over the same figure of `over` where there is one.
// Names are ids or aliases.
struct FromCatalog {
  Measure measure = Measure::peak;
  Dtype dtype = Dtype::bf16;
  std::string of;
  std::string over;  // empty: the figure itself
};

struct Evidence {
  std::string text;
  Stance stance = Stance::context;
  std::optional<Stated> figure;
  // How the figure follows from others, where it does: checked when the file is read.
  std::variant<std::monostate, Quotient, FromCatalog> arithmetic;
  std::optional<std::size_t> source;  // in Claim::sources; nothing: the catalog's own figures
  Confidence confidence = Confidence::verified;
};

struct Claim {
  std::string id;         // the file's name without .toml
  std::string statement;  // what was said, in our words
  std::string said_by;
  std::vector<std::string> chips;      // that it is about: ids or aliases; may be empty
  std::vector<std::string> baselines;  // that it compares them with; may be empty
  std::string workload;                // empty where it is about a datasheet figure
  std::optional<Stated> figure;
  std::size_t source = 0;  // where it was said
  Confidence confidence = Confidence::verified;
  Verdict verdict = Verdict::unverified;
  std::string finding;  // what the evidence comes to
  std::vector<Evidence> evidence;
  std::vector<Source> sources;
  std::string file;

  [[nodiscard]] const Source& origin() const { return sources.at(source); }
};

std::string_view to_string(Verdict value);
std::string_view to_string(Stance value);
std::string_view to_string(Measure value);

}  // namespace assay::catalog
