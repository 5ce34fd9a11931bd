// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/account.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace assay::fleet {
namespace {

using Holders = std::map<std::string, Holder, std::less<>>;

constexpr std::array<std::string_view, 6> kLosses = {"not_held",  "idle_held", "idle",
                                                     "empty_sms", "stalled",   "overwork"};

// What is left of shares that add up to one is rounding, not time.
constexpr double kResidue = 1e-9;

std::optional<double> sum(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::optional(*a + *b) : std::nullopt;
}

std::string key_of(By by, Names names, const Row& row) {
  if (by == By::pod) {
    const std::string_view pod = exposition::label(row.labels, "pod");
    const std::string_view exported = exposition::label(row.labels, "exported_pod");
    const std::string_view space = exposition::label(row.labels, "namespace");
    const std::string name(exported.empty() ? pod : exported);
    // Whose name nobody told assay.
    if (name.empty()) return std::string(exposition::label(row.labels, "pod_uid"));
    return space.empty() ? name : std::string(space) + "/" + name;
  }
  for (const std::string_view label : labels_of(by, names))
    if (const auto value = exposition::label(row.labels, label); !value.empty())
      return std::string(value);
  return "";
}

std::string_view chip_of(Names names, const Row& row) {
  return exposition::label(row.labels, chip_label(names));
}

// Sums a window's rows by holder.
class Summing {
 public:
  Summing(By by, Names names, const Prices& prices) : by_(by), names_(names), prices_(prices) {}

  Holders operator()(const Window& window) const {
    Holders holders;
    for (const Row& row : window.devices.rows) *holder(holders, row).devices += row.value;
    if (names_ == Names::dcgm) {
      add_dcgm(holders, window);
    } else {
      for (const Row& row : window.parts.rows)
        add(holders, row, exposition::label(row.labels, "loss"), row.value);
    }
    for (auto& [key, each] : holders) total_up(each);
    return holders;
  }

 private:
  Holder& holder(Holders& holders, const Row& row) const {
    std::string key = key_of(by_, names_, row);
    const auto [found, fresh] = holders.try_emplace(std::move(key));
    if (fresh) {
      found->second.key = found->first;
      found->second.cost_usd = found->second.devices = 0;
    }
    return found->second;
  }

  void add(Holders& holders, const Row& row, std::string_view name, double exact) const {
    const double hours = exact < kResidue ? 0 : exact;
    Holder& into = holder(holders, row);
    const auto [part, fresh] = into.parts.try_emplace(std::string(name));
    const auto price = prices_.of(into.key, chip_of(names_, row));
    const std::optional<double> worth = price ? std::optional(*price * hours) : std::nullopt;
    into.hours += hours;
    into.cost_usd = sum(into.cost_usd, worth);
    part->second.hours += hours;
    part->second.usd = fresh ? worth : sum(part->second.usd, worth);
  }

  void add_dcgm(Holders& holders, const Window& window) const {
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
        add(holders, row, "unattributed", row.value);
        continue;
      }
      const double resident = std::clamp(*busy, 0.0, row.value);
      add(holders, row, "idle", row.value - resident);
      if (!active) {
        add(holders, row, "unattributed", resident);
        continue;
      }
      const double used = std::clamp(*active, 0.0, resident);
      add(holders, row, "empty_sms", resident - used);
      add(holders, row, "sm_active", used);
    }
  }

  static void total_up(Holder& holder) {
    holder.lost_hours = holder.lost_usd = 0;
    for (const auto& [name, part] : holder.parts) {
      if (!is_loss(name)) continue;
      *holder.lost_hours += part.hours;
      if (part.hours > 0) holder.lost_usd = sum(holder.lost_usd, part.usd);
    }
  }

  By by_;
  Names names_;
  const Prices& prices_;
};

// `gone`: what is told of one that was there before alone.
void compare(Holders& now, const Holders& before, const Holder& gone) {
  for (const auto& [key, was] : before) {
    Holder& holder = now.try_emplace(key, gone).first->second;
    holder.key = key;
    if (holder.hours > 0) continue;
    if (!holder.cost_usd) holder.cost_usd = gone.cost_usd;
    if (!holder.lost_usd) holder.lost_usd = gone.lost_usd;
  }
  for (auto& [key, holder] : now) {
    const auto was = before.find(key);
    holder.lost_hours_before = was == before.end() ? std::optional(0.0) : was->second.lost_hours;
    holder.lost_usd_before = was == before.end() ? std::optional(0.0) : was->second.lost_usd;
  }
}

// `of_known`: the total is that of what is known; else one unknown makes it so.
Account ranked(Holders holders, bool of_known) {
  const auto added = [of_known](const std::optional<double>& all,
                                const std::optional<double>& one) {
    return of_known && !one ? all : sum(all, one);
  };
  Account out;
  Holder& total = out.total;
  total.key = "total";
  total.devices = total.cost_usd = total.lost_hours = total.lost_usd = 0;
  total.lost_hours_before = total.lost_usd_before = 0;
  for (auto& [key, holder] : holders) {
    total.devices = sum(total.devices, holder.devices);
    total.hours += holder.hours;
    total.cost_usd = sum(total.cost_usd, holder.cost_usd);
    total.lost_hours = added(total.lost_hours, holder.lost_hours);
    total.lost_usd = added(total.lost_usd, holder.lost_usd);
    total.lost_hours_before = added(total.lost_hours_before, holder.lost_hours_before);
    total.lost_usd_before = added(total.lost_usd_before, holder.lost_usd_before);
    for (const auto& [name, part] : holder.parts) {
      const auto [into, fresh] = total.parts.try_emplace(name, part);
      if (fresh) continue;
      into->second.hours += part.hours;
      into->second.usd = sum(into->second.usd, part.usd);
    }
    out.holders.push_back(std::move(holder));
  }
  const auto known = [](const Holder& each) { return each.lost_usd.has_value(); };
  out.priced = total.lost_usd.has_value() && std::ranges::any_of(out.holders, known);
  std::ranges::stable_sort(out.holders, [&](const Holder& a, const Holder& b) {
    return out.priced ? a.lost_usd.value_or(0) > b.lost_usd.value_or(0)
                      : a.lost_hours.value_or(0) > b.lost_hours.value_or(0);
  });
  return out;
}

Holders causes_of(const Window& window) {
  Holders holders;
  for (const Row& row : window.parts.rows) {
    const std::string key(exposition::label(row.labels, "cause"));
    Holder& holder = holders[key];
    holder.key = key;
    holder.hours += row.value;
  }
  const auto tell = [&](const Answer& answer, std::optional<double> Holder::* figure) {
    for (const Row& row : answer.rows) {
      const auto found = holders.find(exposition::label(row.labels, "cause"));
      if (found != holders.end()) found->second.*figure = row.value;
    }
  };
  tell(window.price, &Holder::lost_usd);
  tell(window.lost, &Holder::lost_hours);
  return holders;
}

}  // namespace

bool is_loss(std::string_view part) { return std::ranges::find(kLosses, part) != kLosses.end(); }

Prices::Prices(By by, Names names, const Answer& price, PriceOf price_of)
    : price_of_(std::move(price_of)) {
  std::map<std::string, int, std::less<>> seen;
  for (const Row& row : price.rows) {
    const std::string chip(chip_of(names, row));
    by_holder_[{key_of(by, names, row), chip}] = row.value;
    double& mean = by_chip_[chip];
    mean += (row.value - mean) / ++seen[chip];
  }
}

std::optional<double> Prices::of(const std::string& holder, std::string_view chip) const {
  if (const auto own = by_holder_.find({holder, std::string(chip)}); own != by_holder_.end())
    return own->second;
  if (const auto common = by_chip_.find(chip); common != by_chip_.end()) return common->second;
  return price_of_(chip);
}

Account account(By by, Names names, const Window& now, const Window* before,
                const PriceOf& price_of) {
  const Prices prices(by, names, now.price, price_of);
  const Summing summed(by, names, prices);
  Holders holders = summed(now);
  Holder gone;
  gone.devices = gone.cost_usd = gone.lost_hours = gone.lost_usd = 0;
  if (before != nullptr) compare(holders, summed(*before), gone);
  Account out = ranked(std::move(holders), false);
  out.compared = before != nullptr;
  return out;
}

Account account_of_causes(const Window& now, const Window* before) {
  Holders holders = causes_of(now);
  if (before != nullptr) {
    Holder gone;
    if (!before->lost.rows.empty()) gone.lost_hours = 0;
    if (!before->price.rows.empty()) gone.lost_usd = 0;
    compare(holders, causes_of(*before), gone);
  }
  Account out = ranked(std::move(holders), true);
  out.compared = before != nullptr;
  return out;
}

std::optional<double> change(const Account& account, const Holder& holder) {
  const std::optional<double> now = account.priced ? holder.lost_usd : holder.lost_hours;
  const std::optional<double> was =
      account.priced ? holder.lost_usd_before : holder.lost_hours_before;
  if (!now || !was) return std::nullopt;
  // What sums of floating point differ by is no change.
  return std::abs(*now - *was) < 1e-9 * (*now + *was) ? 0.0 : *now - *was;
}

std::vector<const Holder*> movers(const Account& account, std::size_t count) {
  std::vector<const Holder*> all;
  for (const Holder& holder : account.holders)
    if (change(account, holder).value_or(0) != 0) all.push_back(&holder);
  std::ranges::stable_sort(all, [&](const Holder* a, const Holder* b) {
    return std::abs(*change(account, *a)) > std::abs(*change(account, *b));
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace assay::fleet
