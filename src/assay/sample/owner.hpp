// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "assay/sample/reading.hpp"

namespace assay::sample {

// Text or the reason that it is not known. With Reason::none an empty text says that there is none:
// a process that is known to run in no container.
struct Fact {
  std::string text;
  Reason reason = Reason::not_read;

  static Fact known(std::string text) { return {std::move(text), Reason::none}; }
  static Fact unknown(Reason why) { return {{}, why}; }
  [[nodiscard]] bool is_known() const { return reason == Reason::none; }
  friend bool operator==(const Fact&, const Fact&) = default;
};

// Whose a process is. Text comes from outside: a screen has to make it printable.
struct Owner {
  Fact user;       // name, or the number where no name belongs to it
  Fact command;    // the whole command line, blanks between its words
  Fact container;  // id, its first twelve digits as container engines show it
  Fact slurm_job;
  Fact pod;  // Kubernetes' name of it, or its uid where the name is not told
  friend bool operator==(const Owner&, const Owner&) = default;
};

}  // namespace assay::sample
