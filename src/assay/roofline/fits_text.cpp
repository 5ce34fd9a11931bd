// SPDX-License-Identifier: Apache-2.0
#include "assay/roofline/fits_text.hpp"

#include <fmt/format.h>

namespace assay::roofline {
namespace {

std::string head(const std::string& origin) {
  return fmt::format("# SPDX-License-Identifier: Apache-2.0\n# Written by {}: not by hand.\n",
                     origin);
}

bool differ(const EngineProfile& engine, const Fits& prior) {
  const auto before = prior.engine(engine.name);
  if (!before) return true;
  for (const EngineConstant& c : engine_constants())
    if (engine.overheads.*c.member != before->overheads.*c.member) return true;
  return false;
}

}  // namespace

std::string curves_text(const Fits& fits, const std::string& origin) {
  std::string out = head(origin);
  for (const ChipClass& each : fits.classes()) {
    if (each.given) continue;
    out += fmt::format("\n[[class]]\nname = \"{}\"\n", each.name);
    for (const CurveConstant& c : curve_constants())
      out += fmt::format("{} = {:.4g}\n", c.name, each.curves.*c.member);
  }
  return out;
}

std::string engines_text(const Fits& fits, const Fits& prior, const std::string& origin) {
  std::string out = head(origin);
  for (const EngineProfile& each : fits.engines()) {
    if (!differ(each, prior)) continue;
    out += fmt::format("\n[[engine]]\nname = \"{}\"\n", each.name);
    for (const EngineConstant& c : engine_constants())
      out += fmt::format("{} = {:.4g}\n", c.name, each.overheads.*c.member);
  }
  return out;
}

std::string spreads_text(const Fits& fits, const std::string& origin) {
  std::string out = head(origin);
  for (const Provenance p :
       {Provenance::calibrated, Provenance::transferred, Provenance::datasheet}) {
    const Spreads& s = fits.spreads(p);
    out += fmt::format(
        "\n[[spread]]\nprovenance = \"{}\"\nttft_lo = {:.4g}\nttft_hi = {:.4g}\n"
        "tpot_lo = {:.4g}\ntpot_hi = {:.4g}\n",
        to_string(p), s.ttft.lo, s.ttft.hi, s.tpot.lo, s.tpot.hi);
  }
  return out;
}

}  // namespace assay::roofline
