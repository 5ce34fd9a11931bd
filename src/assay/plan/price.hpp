// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/units/units.hpp"

namespace assay::plan {

// What a million tokens cost. The rule of the split: an hour's price is shared between prompts and
// answers by the time that each takes (decoding alone against what prompts add to it), so that
// input tokens x input + output tokens x output is the price, to the cent.
struct TokenPrice {
  Dollars output_all;  // the whole price over output tokens alone: the figure that is compared
  Dollars input;       // the prompts' share over input tokens
  Dollars output;      // the answers' share over output tokens
};

struct TokenRates {
  double input_per_second = 0;
  double output_per_second = 0;
  double decode_share = 0;  // of the engine's time
};

// Of a million tokens each, at rates over 0.
constexpr TokenPrice token_price(DollarsPerHour price, const TokenRates& rates) {
  const Dollars second = price * Seconds(1);
  const auto million = [&](double share, double per_second) {
    return 1e6 * share / per_second * second;
  };
  return {million(1, rates.output_per_second),
          million(1 - rates.decode_share, rates.input_per_second),
          million(rates.decode_share, rates.output_per_second)};
}

}  // namespace assay::plan
