// SPDX-License-Identifier: Apache-2.0
#include "assay/wire/prometheus_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace assay::wire {
namespace {

// Whole numbers as they are; twelve digits of others are more than any of them was measured with,
// and spare the reader what a change of units leaves behind (337.60200000000003).
void append_value(std::string& text, double value) {
  const bool whole = value == std::trunc(value) && std::abs(value) < 0x1p53;
  if (whole) fmt::format_to(std::back_inserter(text), "{:.0f}", value);
  else fmt::format_to(std::back_inserter(text), "{:.12g}", value);
}

// As the control group has it: 32 hexadecimal digits, with dashes or without.
bool is_pod_uid(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
  };
  return text.size() >= 32 && std::ranges::all_of(text, fits);
}

}  // namespace

void PrometheusWriter::family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  head_ = "# HELP ";
  head_.append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
  head_.append(type).append("\n");
}

void PrometheusWriter::sample(std::string_view labels, std::string_view more,
                              std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return;
  text_ += head_;
  head_.clear();
  text_ += name_;
  text_ += labels;
  if (!more.empty()) {
    text_ += ',';
    text_ += more;
  }
  text_ += "} ";
  append_value(text_, *value);
  text_ += '\n';
}

std::optional<double> exported(const sample::Sample& sample, metric::Id id) {
  const sample::Reading<double>& reading = sample.at_id(id);
  const metric::Unit unit = metric::def(id).unit;
  const bool slow = unit != metric::Unit::ratio && unit != metric::Unit::bytes_per_second;
  return slow && reading.reason() == sample::Reason::between_rounds ? reading.raw()
                                                                    : reading.value();
}

std::string label_text(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') text += '\\';
    // Label values are UTF-8; other bytes would spoil the whole scrape.
    text += static_cast<unsigned char>(c) < 0x80 ? c : '?';
  }
  return text + '"';
}

std::string holder_labels(const PrometheusOptions& options, std::size_t device,
                          std::string_view job) {
  std::string text;
  if (device >= options.holders.size()) return text;
  const sample::Owner& holder = options.holders[device];
  const auto add = [&](std::string_view name, const sample::Fact& fact) {
    if (fact.is_known() && !fact.text.empty()) text += ',' + label_text(name, fact.text);
  };
  add("user", holder.user);
  add("container", holder.container);
  add(is_pod_uid(holder.pod.text) ? "pod_uid" : "pod", holder.pod);
  add(job, holder.slurm_job);
  return text;
}

}  // namespace assay::wire
