// SPDX-License-Identifier: Apache-2.0
#include "house/layers.hpp"

#include <algorithm>

#include "house/includes.hpp"
#include "house/words.hpp"

namespace assay::house {
namespace {

using Folders = std::set<std::string>;

Folders with(Folders folders, const Folders& more) {
  folders.insert(more.begin(), more.end());
  return folders;
}

std::string target_of(std::string folder) {
  std::ranges::replace(folder, '/', '_');
  return "assay_" + folder;
}

}  // namespace

const Layers& layers() {
  static const Layers kTable = [] {
    const Folders units = {"base", "units"};
    const Folders sample = with(units, {"metric", "sample"});
    const Folders pure = with(sample, {"text", "catalog", "model", "roofline", "sim", "kernels",
                                       "ladder", "causes", "plan", "calibrate"});
    const Folders appraise = with(pure, {"lab", "exposition", "engine"});
    const Folders surface =
        with(appraise, {"appraise", "format", "wire", "store", "http", "scrape", "push"});
    return Layers{
        {"base", {}},
        {"units", {"base"}},
        {"text", {"base"}},
        {"metric", units},
        {"sample", with(units, {"metric"})},
        {"catalog", with(sample, {"text"})},
        {"model", with(units, {"text"})},
        {"roofline", with(sample, {"text", "catalog", "model"})},
        {"sim", with(sample, {"text", "catalog"})},
        {"kernels", with(sample, {"text", "catalog", "sim"})},
        {"ladder", sample},
        {"causes", with(sample, {"text", "catalog", "sim", "kernels", "ladder"})},
        {"plan", with(sample, {"text", "catalog", "model", "roofline"})},
        {"calibrate", with(sample, {"text", "catalog", "model", "roofline", "plan"})},
        {"nvml_abi", units},
        {"probe/nvml", with(sample, {"nvml_abi"})},
        {"probe/pm", sample},
        {"trace_ring", {"base"}},
        {"tracer", {"base", "trace_ring"}},
        {"probe/trace", with(sample, {"trace_ring"})},
        {"probe/owner", sample},
        {"probe/cpu", sample},
        {"probe/replay", sample},
        {"nvml_sim", with(sample, {"text", "catalog", "sim", "nvml_abi"})},
        {"lab", sample},
        {"store", sample},
        {"exposition", {"base"}},
        {"engine", with(sample, {"text", "exposition"})},
        {"scrape", with(sample, {"text", "exposition", "engine", "http"})},
        {"fleet", with(units, {"exposition"})},
        {"solver", {"base"}},
        {"push", with(units, {"exposition", "http"})},
        {"appraise", appraise},
        {"contrast", with(appraise, {"appraise"})},
        {"svg", {"base"}},
        {"report", with(appraise, {"appraise", "format", "store", "svg"})},
        {"format", with(sample, {"text", "catalog", "sim", "kernels", "ladder", "causes"})},
        {"wire", with(appraise, {"appraise", "format"})},
        {"http", {"base", "units"}},
        {"serve", surface},
        {"tui", surface},
        {"cli", with(surface, {"nvml_abi", "nvml_sim", "probe/nvml", "probe/pm", "probe/trace",
                               "probe/owner", "trace_ring", "probe/cpu", "probe/replay", "serve",
                               "tui", "fleet", "solver", "contrast", "svg", "report"})},
    };
  }();
  return kTable;
}

std::string layer_of(std::string folder, const Layers& table) {
  while (!folder.empty() && !table.contains(folder)) {
    const std::size_t slash = folder.rfind('/');
    folder.resize(slash == std::string::npos ? 0 : slash);
  }
  return folder;
}

std::vector<Violation> check_layers(const SourceFile& file, const Layers& table) {
  if (file.module().empty()) return {};
  const std::string from = layer_of(file.module(), table);
  const auto row = table.find(from);
  if (row == table.end())
    return {{file.path, 1, "folder " + file.module() + " has no row in test/house/layers.cpp"}};

  std::vector<Violation> found;
  for (const Include& include : includes(file)) {
    const std::size_t slash = include.path.rfind('/');
    if (!include.path.starts_with("assay/")) continue;
    const std::string to = slash < 6 ? "" : layer_of(include.path.substr(6, slash - 6), table);
    if (to == from || row->second.contains(to)) continue;
    found.push_back({file.path, include.line,
                     to.empty() ? "\"" + include.path + "\" is in no known folder"
                                : from + " must not know " + to});
  }
  return found;
}

std::vector<Violation> check_link_order(const SourceFile& file, const Layers& table) {
  const auto row = table.find(layer_of(file.module(), table));
  if (row == table.end() || !file.path.ends_with("CMakeLists.txt")) return {};
  std::vector<Violation> found;
  for (const Word& word : words(file.code)) {
    const auto is_target = [&](const auto& other) { return target_of(other.first) == word.text; };
    const auto target = std::ranges::find_if(table, is_target);
    if (target == table.end() || target->first == row->first) continue;
    if (row->second.contains(target->first)) continue;
    found.push_back(
        {file.path, file.line_of(word.position), row->first + " must not link " + target->first});
  }
  return found;
}

}  // namespace assay::house
