// SPDX-License-Identifier: Apache-2.0
#include "assay/engine/report.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

namespace assay::engine {
namespace {

using exposition::Point;
using exposition::Scrape;
using exposition::Selector;
using sample::Reason;
using sample::Source;

// What was counted between two scrapes, or why that can't be told.
struct Increase {
  std::optional<double> amount;
  Reason why = Reason::not_supported;
};

// The moment's gauges, and what moved between two scrapes, by topic.
class Between {
 public:
  Between(const Dialect& dialect, const Observation* before, const Observation& now)
      : dialect_(dialect), before_(before), now_(now) {}

  [[nodiscard]] Seconds window() const {
    return before_ == nullptr ? Seconds(0) : now_.at - before_->at;
  }

  // The sum over the engine's series; of the first name that this version has.
  [[nodiscard]] std::optional<double> gauge(Topic topic) const {
    return gauge_in(now_.scrape, topic);
  }
  [[nodiscard]] std::optional<double> gauge_before(Topic topic) const {
    return before_ == nullptr ? std::nullopt : gauge_in(before_->scrape, topic);
  }
  [[nodiscard]] std::optional<double> mean_gauge(Topic topic) const {
    const Selector* name = spoken(topic, "");
    if (name == nullptr) return std::nullopt;
    const Sum sum = sum_of(now_.scrape, *name);
    return sum.count == 0 ? std::nullopt
                          : std::optional(sum.total / static_cast<double>(sum.count));
  }

  [[nodiscard]] Increase counted(Topic topic, std::string_view suffix = "") const {
    const Selector* name = spoken(topic, suffix);
    if (name == nullptr) return {};
    if (before_ == nullptr || window() <= Seconds(0)) return {{}, Reason::first_sample};
    double total = 0;
    Selector wanted = *name;
    wanted.name += suffix;
    std::map<std::string, double> before;
    for (const Point& old : before_->scrape.points)
      if (wanted.matches(old) && std::isfinite(old.value)) before[key_of(old)] = old.value;
    for (const Point& point : now_.scrape.points) {
      if (!wanted.matches(point) || !std::isfinite(point.value)) continue;
      const auto old = before.find(key_of(point));
      const double was = old == before.end() ? 0 : old->second;  // not there: had counted nothing
      if (point.value < was) return {{}, Reason::first_sample};  // restarted: counts anew
      total += point.value - was;
    }
    return {total, Reason::none};
  }

  [[nodiscard]] Figure rate(const Increase& increase, bool at_end_only) const {
    if (!increase.amount) return Figure::unknown(increase.why, Source::computed, window());
    const double rate = *increase.amount / window().value();
    return at_end_only ? Figure::estimated(rate, Reason::sampled, Source::computed, window())
                       : Figure::derived(rate, Source::computed, window());
  }

  // The mean of what a histogram or summary saw in the window.
  [[nodiscard]] Figure mean(Topic topic) const {
    return ratio(counted(topic, "_sum"), counted(topic, "_count"));
  }
  [[nodiscard]] Figure ratio(const Increase& sum, const Increase& count) const {
    if (!sum.amount || !count.amount)
      return Figure::unknown(sum.amount ? count.why : sum.why, Source::computed, window());
    if (*count.amount <= 0) return Figure::unknown(Reason::no_new_data, Source::computed, window());
    return Figure::derived(*sum.amount / *count.amount, Source::computed, window());
  }
  // The same of all that it ever saw.
  [[nodiscard]] std::optional<double> mean_ever(Topic topic) const {
    const Selector* name = spoken(topic, "_count");
    if (name == nullptr) return std::nullopt;
    Selector sum = *name;
    Selector count = *name;
    sum.name += "_sum";
    count.name += "_count";
    const double n = sum_of(now_.scrape, count).total;
    return n > 0 ? std::optional(sum_of(now_.scrape, sum).total / n) : std::nullopt;
  }

  // The cache's tokens.
  [[nodiscard]] std::optional<double> capacity() const {
    if (const auto tokens = gauge(Topic::kv_capacity_tokens)) return tokens;
    const std::vector<std::string>& names = dialect_.kv_capacity_labels;
    if (names.empty()) return std::nullopt;
    double total = 0;
    for (const Point& point : now_.scrape.points) {
      if (point.name != names.front()) continue;
      double product = 1;
      for (std::size_t i = 1; i < names.size(); ++i) {
        const std::string_view text = exposition::label(point.labels, names[i]);
        double factor = 0;
        std::from_chars(text.data(), text.data() + text.size(), factor);
        product *= factor;  // "None", or a label that this version lacks: unknown
      }
      total += product;
    }
    return total > 0 && std::isfinite(total) ? std::optional(total) : std::nullopt;
  }

 private:
  struct Sum {
    double total = 0;
    std::size_t count = 0;
  };

  static Sum sum_of(const Scrape& scrape, const Selector& name) {
    Sum sum;
    for (const Point& point : scrape.points)
      if (name.matches(point) && std::isfinite(point.value)) {
        sum.total += point.value;
        ++sum.count;
      }
    return sum;
  }

  [[nodiscard]] const Selector* spoken(Topic topic, std::string_view suffix) const {
    for (const Selector& name : dialect_.of(topic)) {
      Selector wanted = name;
      wanted.name += suffix;
      if (sum_of(now_.scrape, wanted).count > 0) return &name;
    }
    return nullptr;
  }

  [[nodiscard]] std::optional<double> gauge_in(const Scrape& scrape, Topic topic) const {
    const Selector* name = spoken(topic, "");
    if (name == nullptr) return std::nullopt;
    const Sum sum = sum_of(scrape, *name);
    return sum.count == 0 ? std::nullopt : std::optional(sum.total);
  }

  static std::string key_of(const Point& point) {
    return exposition::to_text(point.name, point.labels);
  }

  const Dialect& dialect_;
  const Observation* before_;
  const Observation& now_;
};

Figure told(const std::optional<double>& value) {
  return value ? Figure::measured(*value, Source::computed)
               : Figure::unknown(Reason::not_supported, Source::computed);
}

Figure tokens(const Between& between, Topic as_made, Topic at_end) {
  const Increase made = between.counted(as_made);
  if (made.amount || made.why != Reason::not_supported) return between.rate(made, false);
  return between.rate(between.counted(at_end), true);
}

Figure assumed(double value, Seconds window) {
  return Figure::estimated(value, Reason::sampled, Source::computed, window);
}

// Sequences at once: what the engine says at both ends of the window; where that is nothing though
// tokens came, by Little's law, rate times time in the batch a token.
Figure batch_of(const Between& between, const Report& report) {
  const auto now = between.gauge(Topic::running);
  const auto before = between.gauge_before(Topic::running);
  const double seen = (now.value_or(0) + before.value_or(now.value_or(0))) / 2;
  if (seen > 0) return assumed(seen, between.window());
  const auto rate = report.generation_tokens_per_second.value();
  const auto each = report.next_token_s.value();
  if (rate && each && *rate * *each > 0) return assumed(*rate * *each, between.window());
  return Figure::unknown(now ? Reason::no_new_data : Reason::not_supported, Source::computed);
}

// What the cache holds for one sequence; where the engine does not tell, a prompt and half an
// answer.
Figure context_of(const Between& between, const Report& report) {
  const auto running = report.running.value();
  std::optional<double> held = between.gauge(Topic::kv_used_tokens);
  const auto capacity = between.capacity();
  if (!held && report.kv_usage.value() && capacity) held = *report.kv_usage.value() * *capacity;
  if (held && running && *running > 0 && *held > 0) return assumed(*held / *running, Seconds(0));
  const auto length = [&](Topic topic) {
    const auto lately = between.mean(topic).value();
    return lately ? lately : between.mean_ever(topic);
  };
  const auto prompt = length(Topic::prompt_length);
  const auto answer = length(Topic::answer_length);
  if (prompt && answer) return assumed(*prompt + *answer / 2, Seconds(0));
  return Figure::unknown(Reason::not_supported, Source::computed);
}

// What can't be is kept for the eye, and never reckoned with.
Figure sound(const Figure& figure, double most) {
  const auto value = figure.value();
  if (!value || (*value >= 0 && *value <= most)) return figure;  // NaN is neither
  return Figure::invalid(*value, Reason::out_of_range, Source::computed, figure.window());
}
constexpr double kMost = 1e12;

void read_models(const Dialect& dialect, const Scrape& scrape, Report& report) {
  for (const Point& point : scrape.points) {
    if (!dialect.speaks(point)) continue;
    for (const std::string& label : dialect.model_labels) {
      const std::string model(exposition::label(point.labels, label));
      if (!model.empty() && std::ranges::find(report.models, model) == report.models.end() &&
          report.models.size() < 16)
        report.models.push_back(model);
    }
  }
}

}  // namespace

Report report(const Dialect& dialect, const Observation* before, const Observation& now) {
  const Between between(dialect, before, now);
  Report out;
  out.id = dialect.id;
  out.name = dialect.name;
  out.profile = dialect.profile;
  out.window = between.window();
  read_models(dialect, now.scrape, out);
  out.prompt_tokens_per_second =
      sound(tokens(between, Topic::prompt_tokens, Topic::prompt_tokens_of_ended), kMost);
  out.generation_tokens_per_second =
      tokens(between, Topic::generation_tokens, Topic::generation_tokens_of_ended);
  const auto own_rate = between.gauge(Topic::generation_rate);
  if (out.generation_tokens_per_second.reason() == Reason::not_supported && own_rate)
    out.generation_tokens_per_second = assumed(*own_rate, Seconds(0));
  out.generation_tokens_per_second = sound(out.generation_tokens_per_second, kMost);
  out.first_token_s = sound(between.mean(Topic::first_token_s), kMost);
  out.next_token_s = between.mean(Topic::next_token_s);
  if (out.next_token_s.reason() == Reason::not_supported)
    out.next_token_s = between.ratio(between.counted(Topic::generation_seconds),
                                     between.counted(Topic::generation_tokens));
  out.next_token_s = sound(out.next_token_s, kMost);
  out.running = sound(told(between.gauge(Topic::running)), kMost);
  out.waiting = sound(told(between.gauge(Topic::waiting)), kMost);
  out.kv_usage = sound(told(between.mean_gauge(Topic::kv_usage)), 1.02);  // rounding of the engine
  out.batch = sound(batch_of(between, out), kMost);
  out.context = sound(context_of(between, out), kMost);
  return out;
}

Report without(std::string url, std::string trouble) {
  Report out;
  out.url = std::move(url);
  out.trouble = std::move(trouble);
  return out;
}

}  // namespace assay::engine
