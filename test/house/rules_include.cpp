// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "house/includes.hpp"
#include "house/rule.hpp"

namespace assay::house {
namespace {

// Headers that cost seconds of compile time or drag a library into whoever includes us. {fmt} is
// cheap enough and its core is in many signatures.
constexpr std::array<std::string_view, 12> kHeavy = {
    "toml++/", "CLI/",  "nlohmann/json.hpp", "sqlite3.h", "zstd.h", "boost/",
    "ftxui/",  "regex", "iostream",          "gtest/",    "gmock/", "rapidcheck"};

std::vector<Violation> light_headers(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_header() || file.is_test()) return found;
  for (const Include& include : includes(file)) {
    const auto heavy = [&](std::string_view start) { return include.path.starts_with(start); };
    if (std::ranges::any_of(kHeavy, heavy))
      found.push_back({file.path, include.line,
                       "<" + include.path + "> in a header; include it in the .cpp alone"});
  }
  return found;
}

std::vector<Violation> full_paths(const SourceFile& file) {
  std::vector<Violation> found;
  // nvcc compiles the kernels alone, without our include path.
  if (!file.is_source() || file.module().empty() || file.is_cuda()) return found;
  for (const Include& include : includes(file)) {
    if (!include.quoted || include.path.starts_with("assay/")) continue;
    if (include.path.ends_with("_embedded.hpp")) continue;  // made by cmake/Embed.cmake
    found.push_back({file.path, include.line,
                     "\"" + include.path + "\"; include by full path, \"assay/folder/file.hpp\""});
  }
  return found;
}

std::vector<Violation> using_namespace(const SourceFile& file) {
  const std::size_t at = file.code.find("using namespace");
  if (!file.is_header() || at == std::string::npos) return {};
  return {{file.path, file.line_of(at), "using namespace in a header reaches all who include it"}};
}

}  // namespace

std::vector<Rule> include_rules() {
  const std::string sqlite = "#include <sqlite3.h>\n";
  return {
      {"HeadersAreLight",
       light_headers,
       {{"src/assay/store/a.hpp", sqlite},
        {"src/assay/store/a.hpp", "# include \"toml++/toml.h\"\n"}},
       {{"src/assay/store/a.hpp", "#include <string>\n// " + sqlite},
        {"src/assay/store/a.cpp", sqlite}}},
      {"IncludesByFullPath",
       full_paths,
       {{"src/assay/store/a.cpp", "#include \"a.hpp\"\n"}},
       {{"src/assay/store/a.cpp", "#include \"assay/store/a.hpp\"\n#include <vector>\n"},
        {"src/assay/cli/a.cpp", "#include \"assay_cli_embedded.hpp\"\n"}}},
      {"NoUsingNamespaceInHeaders",
       using_namespace,
       {{"src/assay/base/a.hpp", "using namespace std;\n"}},
       {{"src/assay/base/a.cpp", "using namespace std::chrono_literals;\n"},
        {"src/assay/base/a.hpp", "// using namespace std;\n"}}},
  };
}

}  // namespace assay::house
