// SPDX-License-Identifier: Apache-2.0
#include "assay/plan/trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "assay/plan/lengths.hpp"

namespace assay::plan {
namespace {

constexpr std::array<std::string_view, 3> kColumns = {"arrived_at", "num_prefill_tokens",
                                                      "num_decode_tokens"};
constexpr double kLatestArrival = 1e9;  // seconds: 30 years

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::vector<std::string_view> cells(std::string_view line) {
  std::vector<std::string_view> found;
  while (true) {
    const std::size_t comma = line.find(',');
    found.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return found;
    line.remove_prefix(comma + 1);
  }
}

std::optional<double> number(std::string_view cell) {
  while (cell.starts_with(' ')) cell.remove_prefix(1);
  while (cell.ends_with(' ')) cell.remove_suffix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (code != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value)) return {};
  return value;
}

// Reads one line after another; knows where it stands.
class TraceReader {
 public:
  TraceReader(std::string_view name, std::string_view text) : name_(name), rest_(text) {}

  Result<std::vector<Request>> read() {
    TRY(read_header());
    std::vector<Request> requests;
    while (!rest_.empty()) {
      const std::string_view line = next_line(rest_);
      ++line_;
      if (line.empty()) continue;
      TRY_ASSIGN(const Request request, read_request(line));
      requests.push_back(request);
    }
    if (requests.empty())
      return wrong("holds no requests; give at least one line under the header");
    std::ranges::stable_sort(requests, {}, &Request::arrival);
    const Seconds first = requests.front().arrival;
    for (Request& request : requests) request.arrival -= first;
    return requests;
  }

 private:
  [[nodiscard]] Error wrong(std::string_view what) const {
    return {ErrorCode::invalid_argument, fmt::format("{}:{}: {}", name_, line_, what)};
  }

  Status read_header() {
    line_ = 1;
    const std::vector<std::string_view> names = cells(next_line(rest_));
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const auto found = std::ranges::find(names, kColumns[i]);
      if (found == names.end())
        return wrong(fmt::format("the trace has no column {}; a trace needs {}", kColumns[i],
                                 fmt::join(kColumns, ", ")));
      column_[i] = static_cast<std::size_t>(found - names.begin());
    }
    return {};
  }

  Result<Request> read_request(std::string_view line) {
    const std::vector<std::string_view> row = cells(line);
    std::array<double, 3> value{};
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      const std::optional<double> read =
          column_[i] < row.size() ? number(row[column_[i]]) : std::nullopt;
      if (!read) return wrong(fmt::format("{} is no number; write one", kColumns[i]));
      value[i] = *read;
    }
    if (value[0] < 0 || value[0] > kLatestArrival)
      return wrong(fmt::format("arrived_at {:g} is not within 0 to 1e9 seconds", value[0]));
    for (std::size_t i = 1; i < kColumns.size(); ++i)
      if (value[i] < 1 || value[i] > Lengths::kMost || value[i] != std::floor(value[i]))
        return wrong(fmt::format("{} {:g} is not a whole number from 1 to 10,000,000", kColumns[i],
                                 value[i]));
    return Request{Seconds(value[0]), static_cast<int>(value[1]), static_cast<int>(value[2])};
  }

  std::string_view name_;
  std::string_view rest_;
  std::size_t line_ = 1;
  std::array<std::size_t, 3> column_{};
};

}  // namespace

Result<std::vector<Request>> parse_trace(std::string_view name, std::string_view text) {
  return TraceReader(name, text).read();
}

}  // namespace assay::plan
