// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/catalog/chip.hpp"
#include "assay/roofline/curves.hpp"
#include "assay/roofline/engine_profile.hpp"
#include "assay/roofline/provenance.hpp"
#include "assay/text/named_text.hpp"

// What measurements taught: data/fits/*.toml, written by `assay plan fit`, and data/engines/*.toml.
namespace assay::roofline {

// Chips that share curves.
struct ChipClass {
  std::string name;                        // "hopper"
  std::vector<std::string> chips;          // ids: the class is theirs
  std::vector<std::string> architectures;  // else of chips of these, as the catalog writes them
  std::vector<catalog::ChipKind> kinds;    // else of chips of these kinds
  std::vector<std::string> served;         // ids of chips whose serving runs are in the fit
  bool measured = false;                   // kernels of some chip of the class are in the fit
  // Its curves are classes.toml's own: nothing that a fit learns of GPUs is carried over to it.
  bool given = false;
  ChipCurves curves;
};

// 90 % of measured values lie between predicted x lo and predicted x hi.
struct Spread {
  double lo = 1;
  double hi = 1;
};
struct Spreads {
  Spread ttft;
  Spread tpot;
};

// Immutable once parsed; any thread may read it.
class Fits {
 public:
  // Those compiled into the program.
  static Result<Fits> builtin();
  // The same without what was fitted: where a fit starts.
  static Result<Fits> prior();
  // From files named "fits/<name>.toml" and "engines/<name>.toml".
  static Result<Fits> parse(std::span<const text::NamedText> files);

  // Error: not_found, with the names there are.
  [[nodiscard]] Result<EngineProfile> engine(std::string_view name) const;
  // The profile of this version of the engine where there is one of its own, else engine(name).
  [[nodiscard]] Result<EngineProfile> engine(std::string_view name, std::string_view version) const;
  [[nodiscard]] std::span<const EngineProfile> engines() const { return engines_; }
  [[nodiscard]] std::span<const ChipClass> classes() const { return classes_; }
  // The class that names it, else its architecture, else its kind. Error: not_supported where there
  // is none.
  [[nodiscard]] Result<const ChipClass*> class_of(const catalog::Chip& chip) const;
  [[nodiscard]] const Spreads& spreads(Provenance provenance) const;

  // For the program that fits: the same with other constants.
  [[nodiscard]] std::vector<ChipClass>& mutable_classes() { return classes_; }
  [[nodiscard]] std::vector<EngineProfile>& mutable_engines() { return engines_; }
  [[nodiscard]] Spreads& mutable_spreads(Provenance provenance);

 private:
  std::vector<ChipClass> classes_;
  std::vector<EngineProfile> engines_;
  Spreads spreads_[3];
};

}  // namespace assay::roofline
