// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace assay::cli {

// What a verb does once its options are parsed; returns the exit code.
using Action = std::function<int()>;

// A verb: one file in verbs/ that defines its options on `app` and returns what to run. Adding a
// verb is adding that file with one VerbRegistration in it; no list names them.
struct Verb {
  std::string_view name;  // "" is the look that runs without a verb
  int order;              // place in --help
  std::string_view help;
  std::string_view example;
  Action (*define)(CLI::App& app);
  std::string_view parent = {};  // the verb that this is a subcommand of; empty: it stands alone
  // Why `--sim` makes no sense for a verb that does not define it, one sentence; empty: because it
  // measures no device.
  std::string_view no_sim = {};
};

class VerbRegistration {
 public:
  explicit VerbRegistration(const Verb& verb);
};

// All registered verbs that stand alone, in order.
std::vector<Verb> verbs();
// The subcommands registered for a verb, in order. The verb adds them to its own app.
std::vector<Verb> verbs_of(std::string_view parent);

}  // namespace assay::cli
