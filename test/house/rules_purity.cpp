// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "house/rule.hpp"
#include "house/words.hpp"

namespace assay::house {
namespace {

// The pure middle: what it computes depends on its arguments alone. Its tests may do as they like,
// but for sleeping.
constexpr std::array<std::string_view, 17> kPureFolders = {
    "units",  "text", "metric",    "sample",  "catalog",    "model",  "ladder", "roofline", "sim",
    "causes", "plan", "calibrate", "kernels", "exposition", "engine", "fleet",  "contrast"};
constexpr std::array<std::string_view, 8> kClockCalls = {
    "clock_gettime", "gettimeofday", "localtime", "gmtime",
    "usleep",        "nanosleep",    "sleep",     "clock"};
constexpr std::array<std::string_view, 4> kSleeps = {"sleep_for", "sleep_until", "usleep",
                                                     "nanosleep"};
constexpr std::array<std::string_view, 8> kThreadNames = {
    "thread", "jthread", "async",       "mutex", "condition_variable",
    "atomic", "future",  "thread_local"};
constexpr std::array<std::string_view, 10> kOutside = {
    "fopen",  "ifstream", "ofstream", "fstream",       "getenv",
    "dlopen", "dlsym",    "socket",   "random_device", "filesystem"};

bool is_pure(const SourceFile& file) {
  const std::string module = file.module();
  const std::string top = module.substr(0, module.find('/'));
  return file.is_source() && std::ranges::find(kPureFolders, top) != kPureFolders.end();
}

bool in(const auto& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool is_std(const Word& word) { return word.before == "std::" || word.before == "::"; }

template <typename Matches>
std::vector<Violation> flag(const SourceFile& file, std::string_view what, Matches matches) {
  std::vector<Violation> found;
  for (const Word& word : words(file.code)) {
    if (!matches(word)) continue;
    found.push_back({file.path, file.line_of(word.position),
                     std::string(word.text) + ": " + std::string(what) +
                         " in a pure folder; let the caller hand it in"});
  }
  return found;
}

// C's time(): many a value is called so, so only by its namespace or by what only that one takes.
bool asks_the_time(const SourceFile& file, const Word& word) {
  if (word.text != "time" || word.next != '(') return false;
  if (is_std(word)) return true;
  const std::string_view after =
      std::string_view(file.code).substr(std::min(word.position + 5, file.code.size()));
  return word.before.empty() &&
         std::ranges::any_of(std::array{"nullptr)", "NULL)", "0)", "&"},
                             [&](std::string_view taken) { return after.starts_with(taken); });
}

std::vector<Violation> no_clock(const SourceFile& file) {
  if (!is_pure(file) || file.is_test()) return {};
  return flag(file, "a clock", [&](const Word& word) {
    return (word.text == "now" && word.before.ends_with("clock::")) || in(kSleeps, word.text) ||
           (is_std_call(word) && in(kClockCalls, word.text)) || asks_the_time(file, word);
  });
}

std::vector<Violation> no_thread(const SourceFile& file) {
  if (!is_pure(file) || file.is_test()) return {};
  return flag(file, "a thread", [](const Word& word) {
    return word.text == "thread_local" || (is_std(word) && in(kThreadNames, word.text));
  });
}

std::vector<Violation> no_outside(const SourceFile& file) {
  if (!is_pure(file) || file.is_test()) return {};
  return flag(file, "the outside world", [](const Word& word) {
    return in(kOutside, word.text) && (is_std(word) || word.next == '(');
  });
}

std::vector<Violation> tests_do_not_sleep(const SourceFile& file) {
  if (!is_pure(file) || !file.is_test()) return {};
  return flag(file, "a sleep", [](const Word& word) { return in(kSleeps, word.text); });
}

}  // namespace

std::vector<Rule> purity_rules() {
  const std::string pure = "src/assay/ladder/a.cpp";
  const std::string pure_test = "src/assay/ladder/a_test.cpp";
  const std::string edge = "src/assay/store/a.cpp";
  const std::string now = "auto t = std::chrono::steady_clock::now();\n";
  return {
      {"PureFoldersHaveNoClock",
       no_clock,
       {{pure, now},
        {pure, "void f() { std::this_thread::sleep_for(t); }\n"},
        {pure, "auto t = std::time(&when);\n"},
        {pure, "auto t = time(nullptr);\n"},
        {"src/assay/sim/inner/a.hpp", now}},
       {{edge, now},
        {pure, "double sleep = 1;\nSeconds now = at.now;  // clock::now\n"},
        {pure, "Seconds time() const;\nSeconds time(ns * 1e-9);\n"}}},
      {"PureFoldersHaveNoThreads",
       no_thread,
       {{pure, "std::mutex mutex;\n"}, {pure, "thread_local int n;\n"}},
       {{pure, "int thread = 0;  // std::mutex\n"}, {edge, "std::mutex mutex;\n"}}},
      {"PureFoldersKnowNoOutside",
       no_outside,
       {{pure, "std::ifstream in(path);\n"}, {pure, "const char* home = getenv(name);\n"}},
       {{pure_test, "std::ifstream in(path);\n"}, {edge, "const char* home = getenv(name);\n"}}},
      {"PureTestsDoNotSleep",
       tests_do_not_sleep,
       {{pure_test, "void f() { usleep(1); }\n"}},
       {{"src/assay/store/a_test.cpp", "void f() { usleep(1); }\n"}}},
  };
}

}  // namespace assay::house
