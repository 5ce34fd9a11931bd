// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assay/base/result.hpp"
#include "assay/exposition/exposition.hpp"
#include "assay/text/named_text.hpp"

namespace assay::engine {

// What assay asks an engine for. The word is the key in data/engines/metrics/*.toml.
enum class Topic {
  prompt_tokens,               // counter
  generation_tokens,           // counter
  prompt_tokens_of_ended,      // counter that moves when a request ends
  generation_tokens_of_ended,  // the same
  generation_rate,             // gauge, tokens a second, by the engine's own reckoning
  generation_seconds,          // counter: seconds that sequences spent decoding
  running,                     // gauge: sequences in the batch
  waiting,                     // gauge: requests in the queue
  kv_usage,                    // gauge, 0..1
  kv_used_tokens,              // gauge
  kv_capacity_tokens,          // gauge
  first_token_s,               // histogram or summary, from here on
  next_token_s,
  prompt_length,
  answer_length,
};
inline constexpr std::size_t kTopics = 15;
std::string_view to_string(Topic topic);

// One engine's names for them. Each list has the names of several versions, the present one first.
struct Dialect {
  std::string id;       // "vllm"
  std::string name;     // "vLLM"
  std::string profile;  // of data/engines: whose overheads the planner expects
  std::string source;
  std::vector<std::string> prefixes;      // names that only this engine has begin so
  std::vector<std::string> model_labels;  // labels that hold the model's name
  std::array<std::vector<exposition::Selector>, kTopics> names;
  // A series whose labels multiply to the cache's tokens: its name, then the labels; may be empty.
  std::vector<std::string> kv_capacity_labels;

  [[nodiscard]] const std::vector<exposition::Selector>& of(Topic topic) const {
    return names[static_cast<std::size_t>(topic)];
  }
  [[nodiscard]] bool speaks(const exposition::Point& point) const;
};

// Errors: invalid_argument, "file:line: ...".
Result<Dialect> parse_dialect(const text::NamedText& file);

// Those that were compiled in; a test holds them clean. Lives as long as the program.
std::span<const Dialect> dialects();

// The dialect that most of the scrape's samples are in; nullptr where there is none.
const Dialect* recognize(const exposition::Scrape& scrape, std::span<const Dialect> among);

}  // namespace assay::engine
