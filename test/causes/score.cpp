// SPDX-License-Identifier: Apache-2.0
#include "score.hpp"

#include <algorithm>

namespace assay::labelled {
namespace {

using causes::Cause;

std::size_t index(Cause cause) { return static_cast<std::size_t>(cause); }

bool is_right(const Program& program, Cause answer) {
  return answer == program.cause || std::ranges::count(program.also, answer) > 0;
}

}  // namespace

Score score(const std::vector<Seen>& set, Route route,
            const std::function<bool(const Program&)>& counts) {
  Score out;
  for (const Seen& seen : set) {
    const Program& program = seen.program;
    if (!seen.can_be_asked(route) || !counts(program)) continue;
    const std::optional<Cause> answer = seen.first(route);
    Tally& own = out.by_cause[index(program.cause)];
    const bool right = answer && is_right(program, *answer);
    for (Tally* tally : {&out.overall, &own}) {
      ++tally->asked;
      tally->answered += answer ? 1 : 0;
      tally->right += right ? 1 : 0;
      tally->by_label += answer == program.cause ? 1 : 0;
    }
    if (answer) {
      ++out.by_answer[index(*answer)].answered;
      out.by_answer[index(*answer)].right += right ? 1 : 0;
    }
    ++out.confusion[index(program.cause)][answer ? index(*answer) : causes::kCauseCount];
    if (!right) out.misses.push_back({program.name, program.cause, answer});
  }
  return out;
}

}  // namespace assay::labelled
