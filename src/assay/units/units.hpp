// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assay/units/quantity.hpp"

// Each alias is a type of its own; mixing two does not compile (test/compile_fail proves it).
// Numbers are in the unit's base: watts, joules, bytes, seconds, hertz, degrees Celsius, dollars.
namespace assay {

using Watts = Quantity<struct WattsTag>;
using Joules = Quantity<struct JoulesTag>;
using Bytes = Quantity<struct BytesTag>;
using BytesPerSecond = Quantity<struct BytesPerSecondTag>;
using Flops = Quantity<struct FlopsTag>;
using FlopsPerSecond = Quantity<struct FlopsPerSecondTag>;
using Seconds = Quantity<struct SecondsTag>;
using Hertz = Quantity<struct HertzTag>;
using Celsius = Quantity<struct CelsiusTag>;
using Dollars = Quantity<struct DollarsTag>;
using DollarsPerHour = Quantity<struct DollarsPerHourTag>;
using Count = Quantity<struct CountTag>;

// A part of a whole: 0..1 where it is sound. Shown as per cent, stored as a fraction. There is no
// constructor from a bare number, so nobody can hand it a percentage by mistake.
class Ratio {
 public:
  constexpr Ratio() = default;
  static constexpr Ratio fraction(double value) { return Ratio(value); }
  static constexpr Ratio percent(double value) { return Ratio(value / 100.0); }

  [[nodiscard]] constexpr double value() const { return value_; }
  [[nodiscard]] constexpr double as_percent() const { return value_ * 100.0; }

  constexpr auto operator<=>(const Ratio&) const = default;
  friend constexpr Ratio operator+(Ratio a, Ratio b) { return Ratio(a.value_ + b.value_); }
  friend constexpr Ratio operator-(Ratio a, Ratio b) { return Ratio(a.value_ - b.value_); }
  friend constexpr Ratio operator*(Ratio a, Ratio b) { return Ratio(a.value_ * b.value_); }
  friend constexpr double operator/(Ratio a, Ratio b) { return a.value_ / b.value_; }

 private:
  explicit constexpr Ratio(double value) : value_(value) {}
  double value_ = 0;
};

template <typename Tag>
constexpr Quantity<Tag> operator*(Ratio part, Quantity<Tag> whole) {
  return Quantity<Tag>(part.value() * whole.value());
}

constexpr Watts milliwatts(double n) { return Watts(n * 1e-3); }
constexpr Joules millijoules(double n) { return Joules(n * 1e-3); }
constexpr Bytes kib(double n) { return Bytes(n * 1024.0); }
constexpr Bytes mib(double n) { return Bytes(n * 1048576.0); }
constexpr Bytes gib(double n) { return Bytes(n * 1073741824.0); }
constexpr Bytes gigabytes(double n) { return Bytes(n * 1e9); }
constexpr BytesPerSecond gigabytes_per_second(double n) { return BytesPerSecond(n * 1e9); }
constexpr BytesPerSecond mib_per_second(double n) { return BytesPerSecond(n * 1048576.0); }
constexpr FlopsPerSecond teraflops(double n) { return FlopsPerSecond(n * 1e12); }
constexpr Hertz megahertz(double n) { return Hertz(n * 1e6); }
constexpr Seconds milliseconds(double n) { return Seconds(n * 1e-3); }
constexpr Seconds microseconds(double n) { return Seconds(n * 1e-6); }

constexpr Joules operator*(Watts p, Seconds t) { return Joules(p.value() * t.value()); }
constexpr Watts operator/(Joules e, Seconds t) { return Watts(e.value() / t.value()); }
constexpr BytesPerSecond operator/(Bytes b, Seconds t) {
  return BytesPerSecond(b.value() / t.value());
}
constexpr Seconds operator/(Bytes b, BytesPerSecond rate) {
  return Seconds(b.value() / rate.value());
}
constexpr FlopsPerSecond operator/(Flops f, Seconds t) {
  return FlopsPerSecond(f.value() / t.value());
}
constexpr Seconds operator/(Flops f, FlopsPerSecond rate) {
  return Seconds(f.value() / rate.value());
}
constexpr Dollars operator*(DollarsPerHour price, Seconds t) {
  return Dollars(price.value() * t.value() / 3600.0);
}

}  // namespace assay
