// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "house/rule.hpp"
#include "house/words.hpp"

namespace assay::house {
namespace {

struct Ban {
  std::string_view name;
  std::string_view instead;
};

constexpr std::array<Ban, 15> kBannedCalls = {{
    {"strcpy", "std::string"},
    {"strcat", "std::string"},
    {"sprintf", "fmt::format"},
    {"vsprintf", "fmt::vformat"},
    {"gets", "std::getline"},
    {"strtok", "std::string_view::find"},
    {"atoi", "std::from_chars"},
    {"atol", "std::from_chars"},
    {"atof", "std::from_chars"},
    {"rand", "a seeded engine that the caller hands in"},
    {"srand", "a seeded engine that the caller hands in"},
    {"system", "posix_spawn or fork and exec, without a shell"},
    {"popen", "posix_spawn or fork and exec, without a shell"},
    {"tmpnam", "mkstemp"},
    {"exit", "a return value; only main ends the program"},
}};

std::vector<Violation> banned_calls(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_source()) return found;
  for (const Word& word : words(file.code)) {
    if (!is_std_call(word)) continue;
    const auto* ban = std::ranges::find(kBannedCalls, word.text, &Ban::name);
    if (ban == kBannedCalls.end()) continue;
    // A test of the program may call it as its users do: from a shell.
    if (file.is_test() && (ban->name == "system" || ban->name == "popen")) continue;
    found.push_back({file.path, file.line_of(word.position),
                     std::string(ban->name) + "(); use " + std::string(ban->instead)});
  }
  return found;
}

bool writes_stdout(const Word& word) {
  constexpr std::array<std::string_view, 4> kCalls = {"printf", "vprintf", "puts", "putchar"};
  if (word.text == "cout" || word.text == "stdout" || word.text == "STDOUT_FILENO") return true;
  return is_std_call(word) && std::ranges::find(kCalls, word.text) != kCalls.end();
}

// Only the command line talks to the terminal; fmt::print needs an explicit stderr elsewhere.
std::vector<Violation> stdout_in_cli_alone(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_source() || file.is_test()) return found;
  if (file.under("src/assay/cli/") || file.under("bench/")) return found;
  for (const Word& word : words(file.code)) {
    const std::size_t open = word.position + word.text.size();
    const bool print = word.text == "print" && (word.before == "fmt::" || word.before == "std::");
    const bool to_stdout = print && file.code.compare(open, 7, "(stderr") != 0;
    if (!to_stdout && !writes_stdout(word)) continue;
    found.push_back({file.path, file.line_of(word.position),
                     std::string(word.text) + " writes to stdout outside cli/; return the text"});
  }
  return found;
}

// "std::shared_ptr<T> p(new T)": owned at once, the way round a private constructor.
bool owned_at_once(std::string_view code, const Word& word) {
  const std::string_view before = code.substr(0, word.position);
  const std::size_t statement = before.find_last_of(";{}");
  return word.previous == '(' && before.find("_ptr<", statement + 1) != std::string_view::npos;
}

std::vector<Violation> raw_memory(const SourceFile& file) {
  std::vector<Violation> found;
  if (!file.is_source()) return found;
  std::string_view last;
  for (const Word& word : words(file.code)) {
    const bool operator_name = last == "operator";
    last = word.text;
    if (operator_name || !word.before.empty()) continue;
    const bool placement = word.text == "new" && word.next == '(';
    const bool deleted = word.text == "delete" && word.previous == '=';
    const bool owned = owned_at_once(file.code, word);
    if ((word.text == "new" && !placement && !owned) || (word.text == "delete" && !deleted))
      found.push_back({file.path, file.line_of(word.position),
                       "raw " + std::string(word.text) + "; use a container or std::make_unique"});
  }
  return found;
}

std::vector<Violation> throwing(const SourceFile& file) {
  std::vector<Violation> found;
  // CLI11 takes a validator's answer as an exception, which cli/ catches itself.
  if (file.module().empty() || file.is_test() || file.under("src/assay/cli/")) return found;
  for (const Word& word : words(file.code)) {
    if (word.text == "throw")
      found.push_back({file.path, file.line_of(word.position), "throw; return a Result instead"});
  }
  return found;
}

}  // namespace

std::vector<Rule> banned_rules() {
  const std::string base = "src/assay/base/a.cpp";
  const std::string store = "src/assay/store/a.cpp";
  const std::string cout = "void f() { std::cout << 1; }\n";
  const std::string printf = "void f() { std::printf(text); }\n";
  return {
      {"BannedCalls",
       banned_calls,
       {{base, "int n = std::atoi(text);\n"},
        {base, "::system(line);\n"},
        {base, "x = rand ();\n"}},
       {{base, "int n = parser.atoi(text);  // not atoi(text)\n"},
        {base, "int rand = 1; p->system(\"gets(x)\"); own::exit(1); _exit(1);\n"},
        {"test/cli/a_test.cpp", "std::system(line);\n"}}},
      {"StdoutInCliAlone",
       stdout_in_cli_alone,
       {{store, printf},
        {store, cout},
        {store, "fmt::print(text);\n"},
        {store, "fputs(s, stdout);\n"}},
       {{"src/assay/cli/a.cpp", printf},
        {"src/assay/store/a_test.cpp", cout},
        {store, "fmt::print(stderr, text); std::fprintf(stderr, text);\n"}}},
      {"NoRawMemory",
       raw_memory,
       {{base, "auto* p = new int;\n"},
        {base, "void f(int* p) { delete p; }\n"},
        {base, "std::shared_ptr<int> p;\nuse(new int);\n"}},
       {{base, "auto* q = new (place) int;  // a new one\n"},
        {base, "struct A { A(const A&) = delete; };\n"},
        {base, "std::shared_ptr<int> p(\n    new int);\n"}}},
      {"NoThrow",
       throwing,
       {{base, "void f() { throw 1; }\n"}},
       {{"src/assay/base/a_test.cpp", "void f() { throw 1; }\n"},
        {"src/assay/cli/options.cpp", "void f() { throw CLI::ValidationError(text); }\n"}}},
  };
}

}  // namespace assay::house
