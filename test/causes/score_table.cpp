// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "score.hpp"

namespace assay::labelled {
namespace {

using causes::Cause;

struct Asked {
  Route route;
  std::string_view title;
};
constexpr std::array<Asked, 4> kAsked = {
    {{Route::gpm, "GPM alone"},
     {Route::trace, "GPM and the trace (`assay run --no-scope`)"},
     {Route::run, "GPM, the trace and its looks (`assay run`)"},
     {Route::scope, "The microscope alone (`assay scope`)"}}};

bool all(const Program&) { return true; }
bool tuned(const Program& program) { return program.for_tuning; }
bool scored(const Program& program) { return !program.for_tuning; }

std::string figures(const Tally& tally) {
  return fmt::format("{:.3f} | {:.3f} ({} of {}) | {} of {}", tally.precision(), tally.recall(),
                     tally.right, tally.asked, tally.by_label, tally.asked);
}

std::string overall(const std::vector<Seen>& set) {
  std::string out =
      "| from | programs | precision | recall | by the label alone |\n|---|---|---|---|---|\n";
  for (const Asked& asked : kAsked) {
    out += fmt::format("| {} | all | {} |\n", asked.title,
                       figures(score(set, asked.route, all).overall));
    out += fmt::format("| | for tuning | {} |\n", figures(score(set, asked.route, tuned).overall));
    out += fmt::format("| | **only scored** | {} |\n",
                       figures(score(set, asked.route, scored).overall));
  }
  return out;
}

std::string share(int right, int of) {
  return of == 0 ? "–" : fmt::format("{:.2f} ({}/{})", static_cast<double>(right) / of, right, of);
}

std::string by_cause(const Score& score) {
  std::string out = "| cause | precision | recall |\n|---|---|---|\n";
  for (const causes::CauseInfo& cause : causes::all()) {
    const auto i = static_cast<std::size_t>(cause.cause);
    out += fmt::format("| {} | {} | {} |\n", cause.title,
                       share(score.by_answer[i].right, score.by_answer[i].answered),
                       share(score.by_cause[i].right, score.by_cause[i].asked));
  }
  return out;
}

std::string confusion(const Score& score) {
  std::string out = "| true cause \\ answer |";
  std::string rule = "|---|";
  for (const causes::CauseInfo& cause : causes::all()) {
    out += fmt::format(" {} |", cause.title);
    rule += "---|";
  }
  out += " none |\n" + rule + "---|\n";
  for (const causes::CauseInfo& cause : causes::all()) {
    const auto& row = score.confusion[static_cast<std::size_t>(cause.cause)];
    out += fmt::format("| {} |", cause.title);
    for (const int n : row) out += n == 0 ? " |" : fmt::format(" {} |", n);
    out += "\n";
  }
  return out;
}

std::string misses(const Score& score) {
  std::string out;
  for (const Miss& miss : score.misses)
    out += fmt::format("- `{}` ({}): {}\n", miss.program, causes::info(miss.cause).title,
                       miss.answer ? causes::info(*miss.answer).title : "no finding");
  return out.empty() ? "None.\n" : out;
}

}  // namespace

std::string evidence(const std::vector<Seen>& set) {
  std::string out = overall(set);
  for (const Asked& asked : kAsked) {
    const Score whole = score(set, asked.route, all);
    out += fmt::format("\n### {}\n\n{}\nAnswers (rows: what is true):\n\n{}\nMissed:\n\n{}",
                       asked.title, by_cause(whole), confusion(whole), misses(whole));
  }
  return out;
}

}  // namespace assay::labelled
