// SPDX-License-Identifier: Apache-2.0
#include "assay/appraise/serving.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::appraise {

using engine::Figure;
using sample::Reason;
using sample::Source;

namespace {

bool answers(const Appraisal& device) { return device.sample.presence == sample::Presence::ok; }

template <typename Chosen>
std::vector<std::size_t> places(const AppraisedSnapshot& snapshot, const Chosen& chosen) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < snapshot.devices.size(); ++i)
    if (chosen(snapshot.devices[i])) found.push_back(i);
  return found;
}

// What all devices take together, over tokens a second; unknown if one of them is.
template <typename Of>
Figure per_token(const AppraisedSnapshot& snapshot, const EngineBeside& engine, Reason without,
                 const Of& of) {
  const Figure& rate = engine.report.generation_tokens_per_second;
  if (!rate.value()) return Figure::unknown(rate.reason(), Source::computed, rate.window());
  if (*rate.value() <= 0)
    return Figure::unknown(Reason::no_new_data, Source::computed, rate.window());
  double total = 0;
  for (const std::size_t i : engine.devices) {
    const std::optional<double> part = of(snapshot.devices[i]);
    if (!part) return Figure::unknown(without, Source::computed, rate.window());
    total += *part;
  }
  if (engine.devices.empty()) return Figure::unknown(without, Source::computed, rate.window());
  return Figure::derived(total / *rate.value(), Source::computed, rate.window());
}

}  // namespace

std::vector<std::size_t> engine_devices(const AppraisedSnapshot& snapshot,
                                        std::span<const int> named) {
  if (!named.empty())
    return places(snapshot, [&](const Appraisal& device) {
      return answers(device) && std::ranges::find(named, device.facts.index) != named.end();
    });
  auto held = places(snapshot, [](const Appraisal& device) {
    const auto share = device.ladder.held.value();
    return answers(device) && share && share->value() > 0;
  });
  return held.empty() ? places(snapshot, answers) : held;
}

void set_engine(AppraisedSnapshot& snapshot, engine::Report report,
                std::span<const std::size_t> on) {
  EngineBeside engine{std::move(report), {on.begin(), on.end()}, {}, {}, {}};
  engine.usd_per_million_tokens =
      per_token(snapshot, engine, Reason::no_price, [](const Appraisal& device) {
        const auto& price = device.cost.per_hour;
        return price ? std::optional(price->value() / 3600 * 1e6) : std::nullopt;
      });
  engine.joules_per_token =
      per_token(snapshot, engine, Reason::missing_input, [](const Appraisal& device) {
        const auto power = device.sample.get<metric::Id::power>().value();
        return power ? std::optional(power->value()) : std::nullopt;
      });
  snapshot.engine = std::move(engine);
}

std::string engine_devices_text(const AppraisedSnapshot& snapshot) {
  const std::vector<std::size_t>& places = snapshot.engine->devices;
  const auto index = [&](std::size_t i) { return snapshot.devices[places[i]].facts.index; };
  std::string text;
  for (std::size_t first = 0, last = 0; first < places.size(); first = ++last) {
    while (last + 1 < places.size() && index(last + 1) == index(last) + 1) ++last;
    text += fmt::format("{}{}", text.empty() ? "GPU " : ", ", index(first));
    if (last > first) text += fmt::format("{}{}", last > first + 1 ? "-" : ", ", index(last));
  }
  return text.empty() ? "no device" : text;
}

std::optional<Ratio> engine_useful(const AppraisedSnapshot& snapshot) {
  for (const std::size_t place : snapshot.engine->devices)
    if (const auto& decode = snapshot.devices[place].decode) return decode->bridge.useful;
  return std::nullopt;
}

Result<plan::Decoding> decoding_of(const engine::Report& report, int replicas) {
  const auto need = [&](const Figure& figure, std::string_view what) -> Result<double> {
    if (figure.value() && *figure.value() > 0) return *figure.value();
    const bool zero = figure.value().has_value();
    return Error{ErrorCode::not_supported,
                 fmt::format("{} gives no {} ({}), so its speed of light is unknown", report.name,
                             what, zero ? "0" : sample::to_string(figure.reason()))};
  };
  TRY_ASSIGN(const double rate,
             need(report.generation_tokens_per_second, "tokens a second in this window"));
  TRY_ASSIGN(const double batch, need(report.batch, "batch"));
  TRY_ASSIGN(const double context, need(report.context, "length of its sequences"));
  return plan::Decoding{rate / replicas, std::max(batch / replicas, 1.0), context};
}

}  // namespace assay::appraise
