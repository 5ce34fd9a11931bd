// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cctype>

#include "house/layers.hpp"
#include "house/namespaces.hpp"
#include "house/rule.hpp"
#include "house/words.hpp"

namespace assay::house {
namespace {

std::vector<Violation> spdx(const SourceFile& file) {
  const bool slashes = file.is_source() || file.path.ends_with(".def");
  const std::string line =
      std::string(slashes ? "//" : "#") + " SPDX-License-Identifier: Apache-2.0\n";
  if (file.text.starts_with(line)) return {};
  return {{file.path, 1, "the first line must be \"" + line.substr(0, line.size() - 1) + "\""}};
}

std::vector<Violation> pragma_once(const SourceFile& file) {
  if (!file.is_header() || file.code.find("#pragma once\n") != std::string::npos) return {};
  return {{file.path, 1, "a header needs #pragma once"}};
}

bool is_main(const SourceFile& file) { return file.path.ends_with("/main.cpp"); }

std::vector<Violation> folder_namespace(const SourceFile& file) {
  std::vector<Violation> found;
  const std::string module = file.module();
  if (module.empty() || !file.is_source() || file.is_cuda()) return found;
  // A folder within a layer may have a namespace of its own or share its layer's.
  const std::string expected = namespace_of_folder(layer_of(module, layers()));
  const std::vector<NamespaceUse> uses = assay_namespaces(file.code);
  for (const NamespaceUse& use : uses) {
    if (use.name == expected || use.name.starts_with(expected + "::")) continue;
    found.push_back({file.path, file.line_of(use.position),
                     "namespace " + use.name + " in a folder of namespace " + expected});
  }
  if (uses.empty() && !file.is_test() && !is_main(file))
    found.push_back({file.path, 1, "nothing is in namespace " + expected});
  return found;
}

// Names that say nothing of what a thing is.
constexpr std::array<std::string_view, 6> kEmptyNames = {"Manager", "Helper", "Helpers",
                                                         "Util",    "Utils",  "Utility"};

std::vector<Violation> telling_names(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_source()) return found;
  std::string name = file.path.substr(file.path.rfind('/') + 1);
  name = name.substr(0, name.find('.'));
  for (std::string_view empty : kEmptyNames) {
    std::string lower(empty);
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name == lower || name.ends_with("_" + lower))
      found.push_back({file.path, 1, "a file name that says nothing; name what it holds"});
  }
  std::string_view keyword;
  for (const Word& word : words(file.code)) {
    const bool type = keyword == "class" || keyword == "struct" || keyword == "using";
    const auto ends = [&](std::string_view empty) { return word.text.ends_with(empty); };
    if (type && std::ranges::any_of(kEmptyNames, ends))
      found.push_back({file.path, file.line_of(word.position),
                       std::string(word.text) + " says nothing; name what it does"});
    keyword = word.text;
  }
  return found;
}

std::vector<Violation> unfinished(const SourceFile& file) {
  std::vector<Violation> found;
  for (const Word& word : words(file.comments)) {
    if (word.text != "TODO" && word.text != "FIXME" && word.text != "XXX") continue;
    found.push_back({file.path, file.line_of(word.position),
                     std::string(word.text) + "; do it now or open an issue"});
  }
  return found;
}

}  // namespace

std::vector<Rule> form_rules() {
  const std::string slashes = "// SPDX-License-Identifier: Apache-2.0\n";
  const std::string hash = "# SPDX-License-Identifier: Apache-2.0\n";
  return {
      {"SpdxFirstLine",
       spdx,
       {{"src/assay/base/a.cpp", "\n" + slashes}, {"test/CMakeLists.txt", slashes + "add()\n"}},
       {{"src/assay/base/a.cpp", slashes + "int a;\n"}, {"test/CMakeLists.txt", hash + "add()\n"}}},
      {"PragmaOnce",
       pragma_once,
       {{"src/assay/base/a.hpp", "// #pragma once\n"}},
       {{"src/assay/base/a.hpp", slashes + "#pragma once\n"}, {"src/assay/base/a.cpp", slashes}}},
      {"NamespaceIsFolder",
       folder_namespace,
       {{"src/assay/probe/nvml/a.cpp", "namespace assay::store {\nint a;\n}\n"},
        {"src/assay/probe/nvml/a.cpp", "namespace assay::probe {\nint a;\n}\n"},
        {"src/assay/store/a.hpp", "inline int a;\n"}},
       {{"src/assay/probe/nvml/a.cpp", "namespace assay::probe::nvml {\nint a;\n}\n"},
        {"src/assay/cli/verbs/a.cpp", "namespace assay::cli {\nint a;\n}\n"},
        {"src/assay/units/a.hpp", "namespace assay {\ninline int a;\n}\n"},
        {"src/assay/cli/main.cpp", "int main() {}\n"}}},
      {"TellingNames",
       telling_names,
       {{"src/assay/base/a.cpp", "class DeviceManager {};\n"},
        {"src/assay/base/string_utils.cpp", "\n"}},
       {{"src/assay/base/a.cpp", "class Device {};\nint utility;\n"},
        {"src/assay/base/utilization.cpp", "\n"}}},
      {"NothingUnfinished",
       unfinished,
       {{"src/assay/base/a.cpp", "// TODO: the rest\n"}, {"test/CMakeLists.txt", "# FIXME\n"}},
       {{"src/assay/base/a.cpp", "// Done.\nauto s = \"TODO\";\n"}}},
  };
}

}  // namespace assay::house
