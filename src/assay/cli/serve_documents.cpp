// SPDX-License-Identifier: Apache-2.0
#include "assay/cli/serve_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "assay/cli/catalog_view.hpp"
#include "assay/cli/chip_comparison.hpp"
#include "assay/cli/models_json.hpp"
#include "assay/cli/plan_request.hpp"
#include "assay/model/library.hpp"

namespace assay::cli {
namespace {

using http::Query;

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (comma > 0) parts.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

// A finite number of at least 0, and at most what a double holds whole.
Result<double> number(std::string_view text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.begin(), text.end(), value);
  const bool whole = rest == text.end() && !text.empty() && !std::isnan(value);
  if (error == std::errc() && whole && value >= 0 && value <= 9e15) return value;
  if (error == std::errc::result_out_of_range || (error == std::errc() && whole))
    return wrong(fmt::format("\"{}\" is out of range; give 0 to 9e15", text));
  return wrong(fmt::format("\"{}\" is no number", text));
}

// How each parameter of a URL goes into a request.
template <typename Request>
using Takers = std::map<std::string_view, std::function<Status(Request&, const std::string&)>>;

template <typename Request>
Status take(const Query& query, const Takers<Request>& takers, Request& request) {
  for (const auto& [name, text] : query.all()) {
    const auto taker = takers.find(name);
    if (taker == takers.end()) return wrong(fmt::format("there is no parameter \"{}\"", name));
    if (text.empty()) continue;  // an empty field of a form
    if (const Status taken = taker->second(request, text); !taken)
      return taken.error().within(name);
  }
  return {};
}

template <typename Request, typename Put>
auto numeric(Put put) {
  return [put](Request& request, const std::string& text) -> Status {
    TRY_ASSIGN(const double value, number(text));
    put(request, value);
    return {};
  };
}

// Names of the library alone: a path would let whoever asks read this machine's files.
Status known_model(const std::string& name) {
  TRY_ASSIGN(const model::Library library, model::embedded_library());
  if (library.entry(name) != nullptr) return {};
  const std::vector<std::string> near = library.nearest(name);
  return Error{ErrorCode::not_found,
               fmt::format("none is called \"{}\"; {}/api/v1/models names all", name,
                           near.empty() ? "" : fmt::format("is it {}? ", fmt::join(near, " or ")))};
}

// A verb's sentence speaks of its flags; whoever asks by URL knows parameters.
Error of_url(const Error& error) {
  static const std::map<std::string, std::string, std::less<>> kOwn = {{"ttft", "ttft_ms"},
                                                                       {"tpot", "tpot_ms"},
                                                                       {"max_power", "max_power_w"},
                                                                       {"max_chips", "count_max"}};
  std::string text;
  std::string_view rest = error.message;
  for (;;) {
    const std::size_t at = rest.find("--");
    text += rest.substr(0, at);
    if (at == std::string_view::npos) return {error.code, text};
    rest.remove_prefix(at + 2);
    const auto end =
        std::ranges::find_if_not(rest, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    std::string name(rest.begin(), end);
    rest.remove_prefix(name.size());
    std::ranges::replace(name, '-', '_');
    const auto own = kOwn.find(name);
    text += own == kOwn.end() ? name : own->second;
    // "--in 1024" is in=1024.
    if (rest.size() > 1 && rest[0] == ' ' && rest[1] >= '0' && rest[1] <= '9') {
      text += '=';
      rest.remove_prefix(1);
    }
  }
}

const Takers<PlanRequest>& plan_takers() {
  using R = PlanRequest;
  static const Takers<R> kTakers = {
      {"model", [](R& r, const std::string& t) { return r.plan.model = t, known_model(t); }},
      {"engine", [](R& r, const std::string& t) { return r.plan.engine = t, Status(); }},
      {"lengths", [](R& r, const std::string& t) { return r.plan.lengths = t, Status(); }},
      {"chips", [](R& r, const std::string& t) { return r.chips = split(t), Status(); }},
      {"dtype", [](R& r, const std::string& t) { return r.dtypes = split(t), Status(); }},
      {"at",
       [](R& r, const std::string& t) -> Status {
         if (t != "mean" && t != "p50" && t != "p95" && t != "p99")
           return wrong("it is mean, p50, p95 or p99");
         r.at = t;
         return {};
       }},
      {"in", numeric<R>([](R& r, double v) { r.plan.in = v; })},
      {"out", numeric<R>([](R& r, double v) { r.plan.out = v; })},
      {"rate", numeric<R>([](R& r, double v) { r.rate = v; })},
      {"ttft_ms", numeric<R>([](R& r, double v) { r.ttft = Seconds(v / 1e3); })},
      {"tpot_ms", numeric<R>([](R& r, double v) { r.tpot = Seconds(v / 1e3); })},
      {"max_usd_hour", numeric<R>([](R& r, double v) { r.max_usd_hour = v; })},
      {"max_power_w", numeric<R>([](R& r, double v) { r.max_power = fmt::format("{}W", v); })},
      {"count_max",
       numeric<R>([](R& r, double v) { r.max_chips = static_cast<int>(std::min(v, 1e6)); })},
      {"price", numeric<R>([](R& r, double v) { r.plan.common.price_usd_per_hour = v; })},
  };
  return kTakers;
}

Result<std::string> plan_document(const CommonOptions& common, const Query& query) {
  PlanRequest request;
  request.plan.common.data_dir = common.data_dir;
  TRY(take(query, plan_takers(), request));
  if (request.plan.model.empty()) return wrong("model: say which; /api/v1/models names them");
  const auto report = plan_report(request);
  if (!report) return of_url(report.error());
  return plan_json(*report);
}

Result<std::string> compare_document(const CommonOptions& common, const Query& query) {
  using R = CompareRequest;
  static const Takers<R> kTakers = {
      {"chips", [](R& r, const std::string& t) { return r.chips = split(t), Status(); }},
      {"model", [](R& r, const std::string& t) { return r.model = t, known_model(t); }}};
  CompareRequest request;
  request.common = common;
  TRY(take(query, kTakers, request));
  if (request.chips.empty()) return wrong("chips: say which; /api/v1/catalog names them");
  if (request.chips.size() > 16) return wrong("chips: at most 16 side by side");
  TRY_ASSIGN(const CompareData data, CompareData::load(common));
  const auto comparison = compare_chips(request, data);
  if (!comparison) return of_url(comparison.error());
  return compare_json(*comparison);
}

// Of a document without parameters.
serve::Document fixed(std::function<Result<std::string>()> make) {
  return [make = std::move(make)](const Query& query) -> Result<std::string> {
    if (query.all().empty()) return make();
    return wrong("there are no parameters here");
  };
}

}  // namespace

serve::Documents serve_documents(const CommonOptions& common) {
  serve::Documents documents;
  documents.plan = [common](const Query& query) { return plan_document(common, query); };
  documents.compare = [common](const Query& query) { return compare_document(common, query); };
  documents.catalog = fixed([common]() -> Result<std::string> {
    TRY_ASSIGN(const CompareData data, CompareData::load(common));
    return catalog_json(data.catalog);
  });
  documents.claims = fixed([common]() -> Result<std::string> {
    TRY_ASSIGN(const CompareData data, CompareData::load(common));
    return claims_page_json(data.all_claims());
  });
  documents.models = fixed([]() -> Result<std::string> {
    TRY_ASSIGN(const model::Library library, model::embedded_library());
    return models_json(library);
  });
  return documents;
}

}  // namespace assay::cli
