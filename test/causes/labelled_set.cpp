// SPDX-License-Identifier: Apache-2.0
#include "labelled_set.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "assay/causes/diagnose.hpp"
#include "assay/cli/options.hpp"
#include "assay/cli/replay.hpp"
#include "assay/text/toml_tree.hpp"

namespace assay::labelled {
namespace {

namespace fs = std::filesystem;
using causes::Cause;

Error wrong(std::string text) { return {ErrorCode::corrupt, std::move(text)}; }

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<Cause> cause_of(const std::string& program, const std::string& word) {
  const auto cause = causes::parse(word);
  if (!cause) return wrong(fmt::format("{}: '{}' is no cause", program, word));
  return *cause;
}

std::string text_of(const text::TomlNode& row, std::string_view key) {
  const auto it = std::ranges::find(row.children, key, &text::TomlNode::key);
  return it == row.children.end() ? "" : it->text;
}

std::vector<std::string> list_of(const text::TomlNode& row, std::string_view key) {
  std::vector<std::string> out;
  const auto it = std::ranges::find(row.children, key, &text::TomlNode::key);
  if (it == row.children.end()) return out;
  for (const text::TomlNode& word : it->children) out.push_back(word.text);
  return out;
}

Result<Program> program_of(const text::TomlNode& row) {
  Program out{.name = row.key};
  TRY_ASSIGN(out.cause, cause_of(out.name, text_of(row, "cause")));
  for (const std::string& word : list_of(row, "also")) {
    TRY_ASSIGN(const Cause cause, cause_of(out.name, word));
    out.also.push_back(cause);
  }
  const std::string set = text_of(row, "set");
  if (set != "tune" && set != "score") return wrong(out.name + ": set is tune or score");
  if (text_of(row, "why").empty()) return wrong(out.name + ": says not why");
  out.for_tuning = set == "tune";
  out.simulated = text_of(row, "from") == "sim";
  if (const auto routes = list_of(row, "routes"); !routes.empty()) {
    out.by_gpm = std::ranges::count(routes, "gpm") > 0;
    out.by_trace = std::ranges::count(routes, "trace") > 0;
  }
  return out;
}

// The recording unpacked; removed when this goes.
class Unpacked {
 public:
  static Result<Unpacked> make(const fs::path& packed) {
    const std::string bytes = bytes_of(packed);
    const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
    constexpr unsigned long long kMost = 4 << 20;
    if (bytes.empty() || size == ZSTD_CONTENTSIZE_ERROR || size > kMost)
      return wrong(packed.string() + " is missing or no packed recording");
    std::string text(size, '\0');
    const std::size_t got = ZSTD_decompress(text.data(), text.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(got) != 0U || got != size) return wrong(packed.string() + " is damaged");
    const fs::path path = fs::temp_directory_path() /
                          fmt::format("assay-labelled-{}-{}", getpid(), packed.stem().string());
    std::ofstream(path, std::ios::binary) << text;
    return Unpacked(path);
  }
  explicit Unpacked(fs::path path) : path_(std::move(path)) {}
  Unpacked(Unpacked&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Unpacked& operator=(Unpacked&&) = delete;
  ~Unpacked() {
    std::error_code code;
    if (!path_.empty()) fs::remove(path_, code);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

// The program's device: the first of its recording.
Result<Seen> seen_of(const Program& program, const fs::path& packed) {
  TRY_ASSIGN(const Unpacked file, Unpacked::make(packed));
  cli::CommonOptions options;
  TRY_ASSIGN(cli::Replay opened, cli::Replay::open(file.path(), packed.stem().string(), options));
  const auto replay = std::make_shared<cli::Replay>(std::move(opened));
  TRY_ASSIGN(appraise::AppraisedSnapshot job, replay->job());
  if (job.devices.empty()) return wrong(packed.string() + " holds no device");
  return Seen{
      .program = program, .device = std::move(job.devices.front()), .ticks = {}, .catalog = replay};
}

std::optional<float> share_of(const nlohmann::json& row, const char* of, std::string_view channel) {
  const auto means = row.find(of);
  if (means == row.end() || !means->is_object()) return std::nullopt;
  const auto it = means->find(std::string(channel));
  if (it == means->end() || !it->is_number()) return std::nullopt;
  return it->get<float>();
}

// The look's means as one tick.
sample::TickSums ticks_of(const nlohmann::json& row) {
  sample::Tick tick;
  tick.end_ns = 1'000'000;
  tick.share.fill(std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < sample::kChannelCount; ++i) {
    const auto channel = static_cast<sample::Channel>(i);
    // Lanes are a mean over instructions, not over time.
    const char* of = channel == sample::Channel::lanes ? "while_active" : "mean";
    if (const auto share = share_of(row, of, sample::to_string(channel))) tick.share[i] = *share;
  }
  sample::TickSums sums;
  sums.add(tick);
  return sums;
}

// As `assay scope` names it.
std::optional<Cause> by_scope(const Seen& seen) {
  causes::Board board;
  if (const auto sms = seen.device.facts.sm_count.value())
    board.sm_count = static_cast<int>(sms->value());
  board.pipes = appraise::pipe_ratios(seen.device.board);
  const auto findings = causes::diagnose(*seen.ticks, board);
  return findings.empty() ? std::nullopt : std::optional(findings.front().cause);
}

}  // namespace

std::optional<Cause> Seen::first(Route route) const {
  if (route == Route::scope) return by_scope(*this);
  appraise::JobView view = *device.job;
  if (route == Route::gpm) view.kernels = nullptr;
  if (route != Route::run) view.microscope = {};
  appraise::Appraisal again = device;
  appraise::set_job(again, std::move(view));
  if (again.findings.empty()) return std::nullopt;
  return again.findings.front().cause;
}

bool Seen::can_be_asked(Route route) const {
  if (route == Route::scope) return ticks.has_value();
  return route == Route::gpm ? program.by_gpm : program.by_trace;
}

Result<std::vector<Program>> read_programs(const std::string& path) {
  const std::string text = bytes_of(path);
  TRY_ASSIGN(const text::TomlNode table, text::parse_toml({path, text}));
  std::vector<Program> out;
  for (const text::TomlNode& row : table.children) {
    TRY_ASSIGN(Program program, program_of(row));
    out.push_back(std::move(program));
  }
  return out;
}

Result<std::vector<Seen>> read_set(const std::string& programs, const std::string& folder) {
  TRY_ASSIGN(const std::vector<Program> all, read_programs(programs));
  const auto looks = nlohmann::json::parse(bytes_of(fs::path(folder) / "scope.json"), nullptr,
                                           /*allow_exceptions=*/false);
  if (!looks.is_object()) return wrong("scope.json is missing or no JSON object");
  std::vector<Seen> out;
  for (const Program& program : all) {
    TRY_ASSIGN(Seen one, seen_of(program, fs::path(folder) / (program.name + ".assay.zst")));
    if (looks.contains(program.name)) one.ticks = ticks_of(looks[program.name]);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace assay::labelled
