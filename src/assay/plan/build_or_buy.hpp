// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/units/units.hpp"

// When a chip of one's own pays: cost of development over what each chip saves, as K. Freund put it
// in 2017 (Forbes, 2017-08-04: 100 M$ / 1 K$ = 100,000 chips). Money is not discounted, and what
// development risks is not priced: both speak for buying.
namespace assay::plan {

struct Electricity {
  Dollars per_kwh{0.08};
  double pue = 1.25;  // power of the building over that of its computers
};

// What both kinds of chip live through. A chip draws its power while it works and nothing else.
struct Duty {
  double years = 4;                          // until it is written off
  Ratio utilization = Ratio::fraction(0.5);  // of the time that it works
};

// What is saved is known.
struct KnownSaving {
  Dollars per_chip;
};

// What is saved follows from both prices and powers.
struct WorkedOut {
  Dollars chip_cost;           // to make one, with memory, board and share of the server
  std::optional<Watts> power;  // of it
  double performance = 1;      // work of one of it over one bought chip
  Dollars bought_price;
  std::optional<Watts> bought_power;
};

struct BuildOrBuy {
  Dollars nre;  // non-recurring: design, masks, software, verification
  std::variant<KnownSaving, WorkedOut> saving;
  Electricity electricity;
  Duty duty;
  // Of one chip of the fleet that is replaced, while it works; nothing: no model was named.
  std::optional<double> tokens_per_second;
};

// Per bought chip, or what does its work, over its life.
struct Cost {
  Dollars capital;
  std::optional<Dollars> electricity;  // nothing: the chip's power is unknown
  [[nodiscard]] std::optional<Dollars> total() const {
    return electricity ? std::optional(capital + *electricity) : std::nullopt;
  }
};

struct BreakEven {
  // Over its life; may be negative. Of hardware alone where the electricity of a side is unknown:
  // half of it would be a false saving.
  Dollars saving_per_chip;
  std::optional<double>
      chips;  // bought chips that the fleet replaces; nothing: building never pays
  // Of one's own that do their work; nothing where the saving was given.
  std::optional<double> own_chips;
  std::optional<Cost> buy;  // both only where the saving is worked out
  std::optional<Cost> build;
  std::optional<double> tokens_per_year;  // of a fleet of that size
  std::optional<Dollars> buy_per_mtok;    // a million tokens on bought chips
  // Whether the saving is worked out without electricity.
  [[nodiscard]] bool hardware_alone() const {
    return buy && build && !(buy->electricity && build->electricity);
  }
};

// One input moved by a fifth, the others as they are.
struct Sensitivity {
  std::string_view input;               // "nre", "chip_cost", ...
  std::optional<double> chips_if_less;  // -20 %; nothing: never pays
  std::optional<double> chips_if_more;  // +20 %
};

// Errors: invalid_argument, in one sentence, of an input that is zero, negative, not finite or out
// of range (utilization over 1, pue under 1, life over 30 years).
Status check(const BuildOrBuy& input);
// Needs an input that check() passes.
BreakEven break_even(const BuildOrBuy& input);
// Only inputs that move the result.
std::vector<Sensitivity> sensitivity(const BuildOrBuy& input);

}  // namespace assay::plan
