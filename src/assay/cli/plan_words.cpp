// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "assay/cli/plan_report.hpp"
#include "assay/format/format.hpp"

namespace assay::cli {

using format::quantity;

using format::dollars;

using roofline::Resource;

std::string resource_word(Resource resource) {
  switch (resource) {
    case Resource::dram: return "bandwidth";
    case Resource::compute: return "arithmetic";
    case Resource::link: return "links";
    case Resource::overhead: return "overhead";
    case Resource::capacity: return "capacity";
  }
  return "?";
}

std::string resource_key(Resource resource) {
  switch (resource) {
    case Resource::dram: return "dram";
    case Resource::compute: return "tensor";
    case Resource::link: return "link";
    case Resource::overhead: return "overhead";
    case Resource::capacity: return "capacity";
  }
  return "?";
}

std::string layout_text(const roofline::Parallel& parallel) {
  std::string text = fmt::format("tp{}", parallel.tensor);
  if (parallel.pipeline > 1) text += fmt::format(" pp{}", parallel.pipeline);
  if (parallel.data > 1) text += fmt::format(" dp{}", parallel.data);
  if (parallel.expert > 1) text += fmt::format(" ep{}", parallel.expert);
  return text;
}

std::string duration_text(Seconds time) {
  const double ms = time.value() * 1e3;
  if (ms < 99.95) return fmt::format("{:.1f} ms", ms);
  if (ms < 9999.5) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} s", ms / 1e3);
}

std::string watts_text(Watts power) {
  const double watts = power.value();
  if (watts < 9999.5) return fmt::format("{:.0f} W", watts);
  return watts < 999950 ? fmt::format("{:.1f} kW", watts / 1e3)
                        : fmt::format("{:.2f} MW", watts / 1e6);
}

namespace {

struct Sentence {
  std::string operator()(const plan::TooBig& reason) const {
    return fmt::format("does not fit, {} a chip are missing",
                       quantity(metric::Unit::bytes, reason.missing_per_chip.value()));
  }
  std::string operator()(const plan::TooSlow& reason) const {
    const char* what = reason.what == plan::TooSlow::What::ttft ? "TTFT" : "TPOT";
    return fmt::format("{} is {} at best, over {}", what, duration_text(reason.best),
                       duration_text(reason.limit));
  }
  std::string operator()(const plan::OverLimit& reason) const {
    const std::string holds =
        reason.rate_that_holds > 0
            ? fmt::format("; {:.3g} requests/s would hold", reason.rate_that_holds)
            : "; not even one replica would";
    switch (reason.what) {
      case plan::OverLimit::What::power:
        return fmt::format("takes {}, over {}", watts_text(Watts(reason.needed)),
                           watts_text(Watts(reason.allowed))) +
               holds;
      case plan::OverLimit::What::price:
        return fmt::format("costs {}, over {}", dollars(DollarsPerHour(reason.needed)),
                           dollars(DollarsPerHour(reason.allowed))) +
               holds;
      case plan::OverLimit::What::chips:
        return fmt::format("takes {:.0f} chips, over {:.0f}", reason.needed, reason.allowed) +
               holds;
    }
    return "?";
  }
  std::string operator()(const plan::Unbuildable& reason) const { return reason.why; }
};

}  // namespace

std::string reason_text(const plan::Refusal& refusal) {
  return std::visit(Sentence{}, refusal.reason);
}

}  // namespace assay::cli
