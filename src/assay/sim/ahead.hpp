// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>

namespace assay::sim {

class Engine;

// States of an Engine at times to come, by time: found out beforehand, so that a question about
// such a time need not wait for the search of what repeats. A copy of an Engine starts without any.
struct Ahead {
  Ahead();
  Ahead(const Ahead& other);
  Ahead& operator=(const Ahead& other);
  Ahead(Ahead&&) noexcept;
  Ahead& operator=(Ahead&&) noexcept;
  ~Ahead();

  std::deque<std::unique_ptr<Engine>> states;
};

}  // namespace assay::sim
