// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assay/fleet/answer.hpp"
#include "assay/fleet/promql.hpp"
#include "assay/units/units.hpp"

namespace assay::fleet {

// Where a holder's device-hours went. `part` is a loss or other part of the ladder ("idle_held",
// "engaged"), as docs/json.md names them; of dcgm's names: "idle" (held or not is not told apart),
// "empty_sms" and "sm_active" (stalled or engaged).
struct Part {
  double hours = 0;           // of devices
  std::optional<double> usd;  // unknown where a device's price is
};

struct Holder {
  std::string key;                // node, job, ...; empty: the series do not say
  std::optional<double> devices;  // that were there at all in the window; not told of a cause
  double hours = 0;               // of devices, all parts
  std::map<std::string, Part, std::less<>> parts;
  std::optional<double> cost_usd;  // not told of a cause
  std::optional<double> lost_hours;
  std::optional<double> lost_usd;
  std::optional<double> lost_hours_before;  // in the window before; nothing where none was asked
  std::optional<double> lost_usd_before;
};

// Which parts are lost; the others were used, or are not known to be lost.
bool is_loss(std::string_view part);

// $/h of a chip by the catalog or the user's config, for series that carry no price.
using PriceOf = std::function<std::optional<double>(std::string_view chip)>;

// One window's answers: in GPU-hours (Coverage), but for devices and price. For dcgm `parts` holds
// the devices' hours alone, and busy and sm_active tell them apart. Of the window before, `parts`
// may hold losses alone; its prices are this one's.
struct Window {
  Answer devices;
  Answer parts;
  Answer price;
  Answer busy;
  Answer sm_active;
  Answer lost;  // by cause: the hours lost meanwhile, as price are the $
};

// What a device costs: by its holder's own series, else by those of its chip, else by `price_of`.
class Prices {
 public:
  Prices(By by, Names names, const Answer& price, PriceOf price_of);
  [[nodiscard]] std::optional<double> of(const std::string& holder, std::string_view chip) const;

 private:
  std::map<std::pair<std::string, std::string>, double> by_holder_;
  std::map<std::string, double, std::less<>> by_chip_;
  PriceOf price_of_;
};

struct Account {
  std::vector<Holder> holders;  // the one that lost most first: by $, where that is known, by hours
  Holder total;
  bool compared = false;  // with a window before
  bool priced = false;    // every holder's loss is known in $; by cause: of one at least
};

Account account(By by, Names names, const Window& now, const Window* before,
                const PriceOf& price_of);

// By cause: `price` is the $ lost meanwhile, `lost` the hours. A cause of which they are unknown
// (no loss is known) leaves the total that of the others.
Account account_of_causes(const Window& now, const Window* before);

// The holders whose loss changed most against the window before, at most `count`; by $ if priced.
std::vector<const Holder*> movers(const Account& account, std::size_t count);
// Of this window less that of the one before: $ if the account is priced, else hours. Nothing where
// either is unknown.
std::optional<double> change(const Account& account, const Holder& holder);

}  // namespace assay::fleet
