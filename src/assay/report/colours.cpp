// SPDX-License-Identifier: Apache-2.0
#include "assay/report/band_picture.hpp"

namespace assay::report {

std::string_view colours() {
  return R"(:root{--ground:#f7f6f3;--panel:#fffefc;--line:#e0ddd5;--text:#1a1c1f;--soft:#545a61;--bad:#b23c17;
--good:#14714f;--warn:#8a6100;--useful:#dfa01e;--engaged:#dfa01e;--overwork:#ab3a05;--stalled:#9f6995;
--empty_sms:#6db5ea;--idle_held:#26477a;--not_held:#d3dade;--unattributed:#eceae5;
--c0:#26477a;--c1:#c98d08;--c2:#1f7fbf;--c3:#8c4fa8;--c4:#a8326e;--c5:#c04f19;--c6:#4459c7;--c7:#77730a}
@media (prefers-color-scheme:dark){:root{--ground:#0f1113;--panel:#16191c;--line:#2a2f35;--text:#eceae5;
--soft:#a9aeb5;--bad:#f08a6c;--good:#6cc4a1;--warn:#e8b23a;--useful:#e3ae38;--engaged:#e3ae38;--overwork:#b1492f;
--stalled:#9f7bb3;--empty_sms:#84caf3;--idle_held:#1d58a8;--not_held:#343b42;--unattributed:#23282d;
--c0:#5b8fdc;--c1:#e8b23a;--c2:#5fb4e8;--c3:#c98fdc;--c4:#e879a9;--c5:#f08a6c;--c6:#7f9cf5;--c7:#d6d36a}}
svg text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif;fill:var(--soft)}
svg .name{font-weight:600;font-size:13px;fill:var(--text)}svg .grid{stroke:var(--line);stroke-width:1}
svg .mark{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 3}svg .frame{fill:none;stroke:var(--line)}
svg .back{fill:var(--panel)}svg .on{fill:var(--panel);font-size:11px}
.useful{fill:var(--useful)}.engaged{fill:var(--engaged)}.overwork{fill:var(--overwork)}.stalled{fill:var(--stalled)}
.empty_sms{fill:var(--empty_sms)}.idle_held{fill:var(--idle_held)}.not_held{fill:var(--not_held)}
.unattributed{fill:var(--unattributed)}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}.c5{fill:var(--c5)}
.c6{fill:var(--c6)}.c7{fill:var(--c7)}.healthy{fill:var(--good)})";
}

}  // namespace assay::report
