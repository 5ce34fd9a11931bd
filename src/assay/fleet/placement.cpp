// SPDX-License-Identifier: Apache-2.0
#include "assay/fleet/placement.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace assay::fleet {
namespace {

// Enough for any mix at some number of steps, few enough to solve in about a second.
constexpr std::size_t kMostPatterns = 5'000;

using Sizes = std::vector<Packing::Size>;

// All sets of at most `tenants` sizes that fit into a device and that no further tenant fits into.
class Patterns {
 public:
  Patterns(const Sizes& sizes, int steps, int tenants)
      : sizes_(sizes), steps_(steps), tenants_(tenants) {}

  // Nothing where there are more than kMostPatterns.
  std::optional<std::vector<Packing::Pattern>> all() {
    extend(0, steps_, steps_, tenants_);
    if (found_.size() > kMostPatterns) return std::nullopt;
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool fits(const Packing::Size& size, int memory, int busy) const {
    return size.memory <= memory && size.busy <= busy;
  }

  void extend(std::size_t from, int memory, int busy, int tenants) {
    if (found_.size() > kMostPatterns) return;
    bool more = false;
    if (tenants > 0) {
      for (std::size_t i = from; i < sizes_.size(); ++i) {
        const Packing::Size& size = sizes_[i];
        const int used = !chosen_.empty() && chosen_.back().first == static_cast<int>(i)
                             ? chosen_.back().second
                             : 0;
        if (!fits(size, memory, busy) || used >= size.count) continue;
        more = true;
        if (used > 0) ++chosen_.back().second;
        else chosen_.emplace_back(static_cast<int>(i), 1);
        extend(i, memory - size.memory, busy - size.busy, tenants - 1);
        if (--chosen_.back().second == 0) chosen_.pop_back();
      }
    }
    if (more || chosen_.empty()) return;
    // One of the sizes before `from` may still fit: then this set is part of another that is found.
    const auto room = [&](const Packing::Size& size) {
      const auto index = static_cast<int>(&size - sizes_.data());
      const auto mine = std::ranges::find(chosen_, index, &std::pair<int, int>::first);
      return fits(size, memory, busy) && (mine == chosen_.end() || mine->second < size.count);
    };
    if (tenants > 0 && std::ranges::any_of(sizes_, room)) return;
    found_.push_back({chosen_});
  }

  const Sizes& sizes_;
  int steps_;
  int tenants_;
  std::vector<std::pair<int, int>> chosen_;
  std::vector<Packing::Pattern> found_;
};

int steps_up(double share, int steps) { return static_cast<int>(std::ceil(share * steps - 1e-9)); }

Packing sorted_by_size(const std::vector<const Load*>& loads, const PlacementLimits& limits,
                       int steps) {
  Packing packing;
  packing.chip = loads.front()->chip;
  packing.devices = static_cast<int>(loads.size());
  std::map<std::pair<int, int>, int> counted;
  for (const Load* load : loads) {
    if (load->memory_bytes < limits.idle_memory_bytes && load->busy < limits.idle_busy) {
      ++packing.idle;
      continue;
    }
    const int memory =
        steps_up(load->memory_bytes / (load->capacity_bytes * limits.memory_most), steps);
    const int busy = steps_up(load->busy / limits.busy_most, steps);
    if (memory > steps || busy > steps) ++packing.alone;
    else ++counted[{memory, busy}];
  }
  for (const auto& [size, count] : counted)
    packing.sizes.push_back({size.first, size.second, count});
  // The largest first: sets are then found in fewer steps.
  std::ranges::sort(packing.sizes, std::greater<>(),
                    [](const Packing::Size& size) { return size.memory + size.busy; });
  return packing;
}

}  // namespace

std::vector<Load> loads(Names names, const LoadAnswers& answers, std::size_t& unknown) {
  const std::string_view uuid = names == Names::assay ? "uuid" : "UUID";
  struct Known {
    Load load;
    int figures = 0;
  };
  std::map<std::string, Known, std::less<>> all;
  for (const Row& row : answers.present.rows) {
    const std::string id(exposition::label(row.labels, uuid));
    all[id].load = {id, std::string(exposition::label(row.labels, chip_label(names))), 0, 0, 0};
  }
  const auto read = [&](const Answer& answer, double Load::* into) {
    for (const Row& row : answer.rows) {
      const auto found = all.find(exposition::label(row.labels, uuid));
      if (found == all.end()) continue;  // gone meanwhile
      found->second.load.*into = row.value;
      ++found->second.figures;
    }
  };
  read(answers.memory, &Load::memory_bytes);
  read(answers.capacity, &Load::capacity_bytes);
  read(answers.busy, &Load::busy);
  std::vector<Load> out;
  for (auto& [id, known] : all)
    if (known.figures == 3 && known.load.capacity_bytes > 0) out.push_back(std::move(known.load));
  unknown = all.size() - out.size();
  return out;
}

std::vector<Packing> packings(const std::vector<Load>& loads, const PlacementLimits& limits) {
  std::map<std::string, std::vector<const Load*>> by_chip;
  for (const Load& load : loads) by_chip[load.chip].push_back(&load);
  std::vector<Packing> all;
  for (const auto& [chip, mine] : by_chip) {
    if (mine.size() < 2) continue;
    // As fine as there is room for; two steps always have room for all.
    for (const int steps : {10, 8, 6, 5, 4, 3, 2}) {
      Packing packing = sorted_by_size(mine, limits, steps);
      auto patterns = Patterns(packing.sizes, steps, limits.tenants_most).all();
      if (!patterns) continue;
      packing.patterns = *std::move(patterns);
      all.push_back(std::move(packing));
      break;
    }
  }
  return all;
}

}  // namespace assay::fleet
