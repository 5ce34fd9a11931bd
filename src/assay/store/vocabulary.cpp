// SPDX-License-Identifier: Apache-2.0
#include "assay/store/vocabulary.hpp"

#include <algorithm>

namespace assay::store {
namespace {

using sample::OriginKind;
using sample::Presence;
using sample::Reason;
using sample::Source;
using sample::State;

constexpr std::array<State, 6> kStates = {State::measured, State::derived, State::estimated,
                                          State::unknown,  State::stale,   State::invalid};
constexpr std::array<Presence, 3> kPresences = {Presence::ok, Presence::stale, Presence::lost};
constexpr std::array<Source, 9> kSources = {Source::none,        Source::nvml,   Source::gpm,
                                            Source::pm_sampling, Source::trace,  Source::lab,
                                            Source::catalog,     Source::config, Source::computed};

std::optional<Presence> parse_presence(std::string_view word) {
  const auto* it = std::ranges::find(kPresences, word, to_word);
  if (it == kPresences.end()) return std::nullopt;
  return *it;
}

template <typename T, std::size_t n>
bool learn(std::array<T, n>& table, std::uint8_t code, std::optional<T> value) {
  if (value) table[code] = *value;
  return value.has_value();
}

}  // namespace

std::string_view to_word(Presence presence) {
  switch (presence) {
    case Presence::ok: return "ok";
    case Presence::stale: return "stale";
    case Presence::lost: return "lost";
  }
  return "";
}

std::optional<OriginKind> parse_origin_kind(std::string_view word) {
  for (const auto kind : {OriginKind::device, OriginKind::recording, OriginKind::simulation})
    if (to_string(kind) == word) return kind;
  return std::nullopt;
}

std::vector<Word> current_words() {
  std::vector<Word> words;
  for (const State state : kStates)
    words.push_back({"state", static_cast<std::uint8_t>(state), to_string(state)});
  for (std::size_t i = 0; i < sample::kReasonCount; ++i)
    words.push_back({"reason", static_cast<std::uint8_t>(i), to_string(static_cast<Reason>(i))});
  for (const Source source : kSources)
    words.push_back({"source", static_cast<std::uint8_t>(source), to_string(source)});
  for (const Presence presence : kPresences)
    words.push_back({"presence", static_cast<std::uint8_t>(presence), to_word(presence)});
  return words;
}

Vocabulary::Vocabulary() : metrics_(kStreamLimit) {
  states_.fill(State::unknown);
  reasons_.fill(Reason::not_read);
  sources_.fill(Source::none);
  presences_.fill(Presence::stale);
}

Vocabulary Vocabulary::current() {
  Vocabulary vocabulary;
  for (const Word& word : current_words()) vocabulary.learn_word(word.kind, word.code, word.word);
  for (const auto& def : metric::all())
    vocabulary.learn_stream(kFirstMetricStream + static_cast<std::uint32_t>(index(def.id)),
                            def.name, to_string(def.unit));
  return vocabulary;
}

bool Vocabulary::learn_word(std::string_view kind, std::uint8_t code, std::string_view word) {
  if (kind == "state") return learn(states_, code, sample::parse_state(word));
  if (kind == "reason") return learn(reasons_, code, sample::parse_reason(word));
  if (kind == "source") return learn(sources_, code, metric::parse_source(word));
  if (kind == "presence") return learn(presences_, code, parse_presence(word));
  return false;
}

bool Vocabulary::learn_stream(std::uint32_t stream, std::string_view name, std::string_view unit) {
  const auto id = metric::find(name);
  if (stream >= kStreamLimit || !id || to_string(metric::def(*id).unit) != unit) return false;
  metrics_[stream] = *id;
  streams_[metric::index(*id)] = stream;
  return true;
}

std::optional<metric::Id> Vocabulary::metric(std::uint32_t stream) const {
  return stream < kStreamLimit ? metrics_[stream] : std::nullopt;
}

std::optional<std::uint32_t> Vocabulary::stream(metric::Id id) const {
  return streams_[metric::index(id)];
}

}  // namespace assay::store
