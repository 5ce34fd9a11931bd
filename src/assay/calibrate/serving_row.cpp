// SPDX-License-Identifier: Apache-2.0
#include "assay/calibrate/serving_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "assay/calibrate/harness.hpp"
#include "assay/calibrate/misstated.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::calibrate {
namespace {

// What tables call a precision, in lower case, and what model::with_precision does.
constexpr std::pair<std::string_view, std::string_view> kPrecisions[] = {
    {"bfloat16", "bf16"},
    {"float16", "fp16"},
    {"half", "fp16"},
    {"fp8_block", "fp8"},
    {"fp8_static", "fp8"},
    {"w8a8", "int8"},
    {"int8_wo", "int8"},
    {"nvfp4", "fp4"},
    {"mxfp4", "fp4"},
    {"w4a8", "fp4"},
    {"w4a16_mxfp4", "fp4"},
    {"w4a8_mxfp4", "fp4"},
    {"w4a8_mxfp4_mxfp8", "fp4"},
    {"w4afp8", "fp4"},
    {"int4_wo", "int4"},
    {"w4a16", "int4"},
    {"awq", "int4"},
    {"gptq", "int4"}};

// What tables call an engine, in lower case, and what data/engines does.
constexpr std::pair<std::string_view, std::string_view> kBackends[] = {{"trt", "trtllm"},
                                                                       {"trt-llm", "trtllm"},
                                                                       {"tensorrt_llm", "trtllm"},
                                                                       {"tensorrt-llm", "trtllm"},
                                                                       {"llamacpp", "llama.cpp"}};

// Servers that put another engine's name behind their own.
constexpr std::string_view kServers[] = {"dynamo-", "mori-"};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string engine_name(std::string written) {
  written = lower(std::move(written));
  for (const std::string_view server : kServers)
    if (written.starts_with(server)) written.erase(0, server.size());
  for (const auto& [called, meant] : kBackends)
    if (written == called) return std::string(meant);
  return written;
}

class RowReader {
 public:
  RowReader(const Table& table, std::size_t row) : table_(table), row_(row) {}

  ServingRow read() {
    out_.id = text("id");
    if (out_.id.empty()) out_.id = fmt::format("line {}", table_.line(row_));
    out_.model = text("model_path");
    out_.system = text("system");
    out_.backend = engine_name(text("backend"));
    out_.version = text("backend_version");
    precision();
    mode();
    cache();
    out_.prompt = count("isl", {}, 1e7);
    out_.output = count("osl", {}, 1e7);
    out_.concurrency = static_cast<int>(count("concurrency", {}, 1e5));
    out_.parallel.tensor = static_cast<int>(count("tp_size", 1, 1024));
    out_.parallel.pipeline = static_cast<int>(count("pp_size", 1, 1024));
    out_.parallel.data = static_cast<int>(count("attention_dp_size", 1, 1024));
    // 0 stands for a model without experts.
    out_.parallel.expert = static_cast<int>(std::max(1.0, count("moe_ep_size", 1, 1024, 0)));
    harness();
    say_assumptions();
    out_.ttft_s = milli("silicon_ttft_ms");
    out_.tpot_s = milli("silicon_tpot_ms");
    out_.joules_per_token = number("joules_per_token");
    return std::move(out_);
  }

 private:
  std::string text(std::string_view name) const {
    const auto column = table_.column(name);
    return column ? table_.text(row_, *column) : std::string();
  }
  std::optional<double> number(std::string_view name) const {
    const auto column = table_.column(name);
    return column ? table_.number(row_, *column) : std::nullopt;
  }
  std::optional<double> milli(std::string_view name) const {
    const auto value = number(name);
    if (!value || *value <= 0) return std::nullopt;
    return *value * 1e-3;
  }
  void refuse(std::string why) {
    if (!out_.refused) out_.refused = std::move(why);
  }

  double count(std::string_view name, std::optional<double> absent, double most, double least = 1) {
    const std::string cell = text(name);
    if (cell.empty() && absent) return *absent;
    const auto value = number(name);
    if (cell.empty()) refuse(fmt::format("{} is empty", name));
    else if (!value || *value < least || *value > most || *value != std::floor(*value))
      refuse(
          fmt::format("{} is {}: a whole number from {} to {} is needed", name, cell, least, most));
    else return *value;
    return 1;
  }

  void precision() {
    out_.precision = lower(text("precision"));
    for (const auto& [written, meant] : kPrecisions)
      if (out_.precision == written) out_.precision = meant;
  }

  // A run of several pools of chips is not one deployment: its batches are others.
  void mode() {
    const std::string word = lower(text("mode"));
    if (!word.empty() && word != "agg")
      refuse(
          fmt::format("mode is {}: only agg, prompts and answers on the same chips, is predicted",
                      text::quoted(word)));
  }

  void cache() {
    const std::string word = lower(text("kv_cache_dtype"));
    if (word.empty() || word == "auto") return;
    for (const Dtype dtype : {Dtype::bf16, Dtype::fp16, Dtype::fp8, Dtype::int8, Dtype::fp4})
      if (word == to_string(dtype)) out_.cache = dtype;
    if (!out_.cache)
      refuse(fmt::format("kv_cache_dtype is {}: auto, bf16, fp16, fp8, int8 or fp4 is needed",
                         text::quoted(word)));
  }

  // Of cells that nobody filled in: what they make of a run is not a matter of course.
  void say_assumptions() {
    if (out_.version.empty())
      out_.assumed.emplace_back("backend_version is empty: the engine is taken as today's");
    if (text("measured").empty())
      out_.assumed.emplace_back(
          out_.capped
              ? "measured is empty: lengths are taken as all alike, and batch_size as the engine's "
                "limit"
              : "measured and batch_size are empty: lengths are taken as all alike, and the "
                "engine's own limits");
  }

  // InferenceX runs (those with a date) draw lengths uniformly from 0.8 of the stated ones up, and
  // state 1024 and 8192. The others are of fixed lengths, with the engine's batch size set to the
  // concurrency.
  void harness() {
    const bool dated = !text("measured").empty();
    const auto drawn = [](double n) { return n == 1024 || n == 8192; };
    if (dated && drawn(out_.prompt) && drawn(out_.output)) out_.least = 0.8;
    out_.capped = !dated && !text("batch_size").empty();
    if (dated) set_by_script(out_);
    out_.places = places_of_misstated(out_, text("measured"));
  }

  const Table& table_;
  std::size_t row_;
  ServingRow out_;
};

}  // namespace

Result<std::vector<ServingRow>> serving_rows(const Table& table) {
  for (const std::string_view name :
       {"model_path", "system", "backend", "isl", "osl", "concurrency"})
    TRY(table.need(name));
  std::vector<ServingRow> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) rows.push_back(RowReader(table, row).read());
  return rows;
}

}  // namespace assay::calibrate
