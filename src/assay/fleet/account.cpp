// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/account.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace assay::fleet {
namespace {

using Holders = std::map<std::string, Holder, std::less<>>;

constexpr std::array<std::string_view, 6> kLosses = {"not_held",  "idle_held", "idle",
                                                     "empty_sms", "stalled",   "overwork"};

std::optional<double> sum(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}

// Sums a window's rows by holder.
class Summing {
 public:
  Summing(By by, Names names, Seconds window, const PriceOf& price_of)
      : by_(by), names_(names), hours_(window.value() / 3600), price_of_(price_of) {}

  Holders operator()(const Window& window) const {
    // Of a device that was there all the time; a fleet without one sample has no hours.
    const double samples = window.samples.only(0);
    Holders holders;
    if (samples <= 0) return holders;
    const double share = hours_ / samples;
    for (const Row& row : window.devices.rows) holder(holders, row).devices += row.value;
    const std::set<std::string, std::less<>> priced = chips_in(window.lost);
    if (names_ == Names::dcgm) {
      add_dcgm(holders, window, share);
    } else {
      for (const Row& row : window.parts.rows)
        add(holders, row, loss_of(row), row.value * share, !priced.contains(chip_of(row)));
      for (const Row& row : window.lost.rows) {
        Part& part = holder(holders, row).parts[std::string(loss_of(row))];
        part.usd = part.usd.value_or(0) + row.value * share;
      }
    }
    add_cost(holders, window, share);
    for (auto& [key, each] : holders) total_up(each);
    return holders;
  }

 private:
  [[nodiscard]] std::string key_of(const Row& row) const {
    const auto labels = labels_of(by_, names_);
    if (by_ == By::pod) {
      const std::string_view pod = exposition::label(row.labels, "pod");
      const std::string_view exported = exposition::label(row.labels, "exported_pod");
      const std::string_view space = exposition::label(row.labels, "namespace");
      const std::string name(exported.empty() ? pod : exported);
      return name.empty() || space.empty() ? name : std::string(space) + "/" + name;
    }
    for (const std::string_view label : labels)
      if (const auto value = exposition::label(row.labels, label); !value.empty())
        return std::string(value);
    return "";
  }
  [[nodiscard]] std::string_view chip_of(const Row& row) const {
    return exposition::label(row.labels, chip_label(names_));
  }
  static std::string_view loss_of(const Row& row) { return exposition::label(row.labels, "loss"); }

  [[nodiscard]] std::set<std::string, std::less<>> chips_in(const Answer& answer) const {
    std::set<std::string, std::less<>> chips;
    for (const Row& row : answer.rows) chips.emplace(chip_of(row));
    return chips;
  }
  Holder& holder(Holders& holders, const Row& row) const {
    std::string key = key_of(row);
    Holder& found = holders[key];
    found.key = std::move(key);
    return found;
  }

  // `price`: by the catalog, where the series bring no dollars of their own.
  void add(Holders& holders, const Row& row, std::string_view name, double hours,
           bool price) const {
    Holder& into = holder(holders, row);
    Part& part = into.parts[std::string(name)];
    const bool fresh = part.hours == 0 && !part.usd;
    part.hours += hours;
    into.hours += hours;
    if (!price || !is_loss(name)) return;
    const auto usd = price_of_(chip_of(row));
    const std::optional<double> worth = usd ? std::optional(*usd * hours) : std::nullopt;
    part.usd = fresh ? worth : sum(part.usd, worth);
  }

  void add_dcgm(Holders& holders, const Window& window, double share) const {
    const auto by_labels = [](const Answer& answer) {
      std::map<std::string, double> values;
      for (const Row& row : answer.rows) values[exposition::to_text("", row.labels)] = row.value;
      return values;
    };
    const auto busy_of = by_labels(window.busy);
    const auto active_of = by_labels(window.sm_active);
    const auto of = [](const std::map<std::string, double>& values,
                       const std::string& key) -> std::optional<double> {
      const auto found = values.find(key);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    };
    for (const Row& row : window.parts.rows) {
      const std::string key = exposition::to_text("", row.labels);
      const auto busy = of(busy_of, key);
      const auto active = of(active_of, key);
      if (!busy) {
        add(holders, row, "unattributed", row.value * share, true);
        continue;
      }
      const double resident = std::clamp(*busy, 0.0, row.value);
      add(holders, row, "idle", (row.value - resident) * share, true);
      if (!active) {
        add(holders, row, "unattributed", resident * share, true);
        continue;
      }
      const double used = std::clamp(*active, 0.0, resident);
      add(holders, row, "empty_sms", (resident - used) * share, true);
      add(holders, row, "sm_active", used * share, true);
    }
  }

  void add_cost(Holders& holders, const Window& window, double share) const {
    const std::set<std::string, std::less<>> priced = chips_in(window.cost);
    for (const Row& row : window.cost.rows) {
      Holder& into = holder(holders, row);
      into.cost_usd = into.cost_usd.value_or(0) + row.value * share;
    }
    std::map<std::string, bool> unknown;
    for (const Row& row : window.parts.rows) {
      if (priced.contains(chip_of(row))) continue;
      Holder& into = holder(holders, row);
      const auto usd = price_of_(chip_of(row));
      if (usd) into.cost_usd = into.cost_usd.value_or(0) + *usd * row.value * share;
      else unknown[into.key] = true;
    }
    for (const auto& [key, yes] : unknown) holders[key].cost_usd.reset();
  }

  static void total_up(Holder& holder) {
    holder.lost_usd = 0;
    for (const auto& [name, part] : holder.parts) {
      if (!is_loss(name)) continue;
      holder.lost_hours += part.hours;
      if (part.hours > 0) holder.lost_usd = sum(holder.lost_usd, part.usd);
    }
  }

  By by_;
  Names names_;
  double hours_;
  const PriceOf& price_of_;
};

void compare(Holders& now, const Holders& before) {
  for (const auto& [key, was] : before) {
    Holder& holder = now[key];  // gone meanwhile: it loses nothing now
    if (holder.key != key || holder.hours == 0) {
      holder.key = key;
      holder.lost_usd = holder.lost_usd.value_or(0);
    }
  }
  for (auto& [key, holder] : now) {
    const auto was = before.find(key);
    holder.lost_hours_before = was == before.end() ? 0 : was->second.lost_hours;
    holder.lost_usd_before = was == before.end() ? std::optional(0.0) : was->second.lost_usd;
  }
}

Account ranked(Holders holders) {
  Account out;
  Holder& total = out.total;
  total.key = "total";
  total.cost_usd = total.lost_usd = 0;
  total.lost_hours_before = total.lost_usd_before = 0;
  for (auto& [key, holder] : holders) {
    total.devices += holder.devices;
    total.hours += holder.hours;
    total.cost_usd = sum(total.cost_usd, holder.cost_usd);
    total.lost_hours += holder.lost_hours;
    total.lost_usd = sum(total.lost_usd, holder.lost_usd);
    total.lost_hours_before = sum(total.lost_hours_before, holder.lost_hours_before);
    total.lost_usd_before = sum(total.lost_usd_before, holder.lost_usd_before);
    for (const auto& [name, part] : holder.parts) {
      const auto [into, fresh] = total.parts.try_emplace(name, part);
      if (fresh) continue;
      into->second.hours += part.hours;
      into->second.usd = sum(into->second.usd, part.usd);
    }
    out.holders.push_back(std::move(holder));
  }
  out.priced = total.lost_usd.has_value() && !out.holders.empty();
  std::ranges::stable_sort(out.holders, [&](const Holder& a, const Holder& b) {
    return out.priced ? *a.lost_usd > *b.lost_usd : a.lost_hours > b.lost_hours;
  });
  return out;
}

Holders causes_of(double hours, const Window& window) {
  Holders holders;
  const double samples = window.samples.only(0);
  if (samples <= 0) return holders;
  for (const Row& row : window.parts.rows) {
    const std::string key(exposition::label(row.labels, "cause"));
    Holder& holder = holders[key];
    holder.key = key;
    holder.hours = holder.lost_hours = row.value * hours / samples;
  }
  for (const Row& row : window.lost.rows) {
    const auto found = holders.find(exposition::label(row.labels, "cause"));
    if (found != holders.end()) found->second.lost_usd = row.value * hours;
  }
  return holders;
}

}  // namespace

bool is_loss(std::string_view part) { return std::ranges::find(kLosses, part) != kLosses.end(); }

Account account(By by, Names names, Seconds window, const Window& now, const Window* before,
                const PriceOf& price_of) {
  const Summing summed(by, names, window, price_of);
  Holders holders = summed(now);
  if (before != nullptr) compare(holders, summed(*before));
  return ranked(std::move(holders));
}

Account account_of_causes(Seconds window, const Window& now, const Window* before) {
  Holders holders = causes_of(window.value() / 3600, now);
  if (before != nullptr) compare(holders, causes_of(window.value() / 3600, *before));
  return ranked(std::move(holders));
}

double change(const Account& account, const Holder& holder) {
  if (!account.priced)
    return holder.lost_hours_before ? holder.lost_hours - *holder.lost_hours_before : 0;
  return holder.lost_usd && holder.lost_usd_before ? *holder.lost_usd - *holder.lost_usd_before : 0;
}

std::vector<const Holder*> movers(const Account& account, std::size_t count) {
  std::vector<const Holder*> all;
  for (const Holder& holder : account.holders)
    if (change(account, holder) != 0) all.push_back(&holder);
  std::ranges::stable_sort(all, [&](const Holder* a, const Holder* b) {
    return std::abs(change(account, *a)) > std::abs(change(account, *b));
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace assay::fleet
