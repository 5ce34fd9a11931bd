// SPDX-License-Identifier: Apache-2.0
// `assay report` and `assay export` on the recording that ships.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "program.hpp"

namespace assay::test {
namespace {

using testing::HasSubstr;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Report, IsOnePageOrOnePictureAndOverwritesNothing) {
  const std::string page = scratch() + "/job.html";
  EXPECT_EQ(run("report h100-lab -o " + page).code, 0);
  EXPECT_THAT(text_of(page), HasSubstr("was lost"));
  EXPECT_THAT(text_of(page), HasSubstr("grid too small"));
  EXPECT_THAT(text_of(page), HasSubstr("</html>"));
  const Outcome again = run("report h100-lab -o " + page);
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("--force"));
  EXPECT_EQ(run("report h100-lab --force -o " + page).code, 0);
  EXPECT_THAT(run("report h100-lab --svg").out, testing::StartsWith("<svg"));
  EXPECT_THAT(run("report h100-lab --price 36").out, HasSubstr("--price"));
  EXPECT_EQ(run("report nowhere.assay").code, 1);
  EXPECT_EQ(run("report h100-lab -o /nowhere/x.html").code, 1);
}

TEST(Export, CsvHasARowForEachWindow) {
  const Outcome csv = run("export h100-lab --format csv");
  EXPECT_EQ(csv.code, 0) << csv.err;
  std::istringstream lines(csv.out);
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, testing::StartsWith("at,origin,"));
  const auto commas = std::count(line.begin(), line.end(), ',');
  int rows = 0;
  for (; std::getline(lines, line); ++rows) {
    ASSERT_EQ(std::count(line.begin(), line.end(), ','), commas);
    ASSERT_THAT(line, HasSubstr(",recording,h100-lab.assay,"));
  }
  EXPECT_EQ(rows, 226);
}

TEST(Export, JsonLinesAreWhatReplaySays) {
  EXPECT_EQ(run("export h100-lab --format jsonl").out, run("replay h100-lab --json").out);
  const Outcome some = run("export h100-lab --format jsonl --from 10s --to 11s");
  EXPECT_EQ(std::count(some.out.begin(), some.out.end(), '\n'), 4);
}

TEST(Export, TheTraceIsJsonInTheOrderOfItsWindows) {
  const auto trace = nlohmann::json::parse(run("export h100-lab --format trace").out);
  EXPECT_EQ(trace["otherData"]["kind"], "device");
  double last = 0;
  int active = 0;
  for (const auto& event : trace["traceEvents"]) {
    if (event["ph"] != "C") continue;
    EXPECT_GE(event["ts"].get<double>(), last);
    last = event["ts"];
    active += event["name"] == "SM active %" ? 1 : 0;
  }
  EXPECT_GT(active, 70) << "226 windows, those that are alike told once";
  EXPECT_NEAR(last, 57e6, 2e6) << "microseconds";
}

TEST(Export, MistakesSayWhatToDo) {
  EXPECT_EQ(run("export h100-lab").code, 2);
  EXPECT_EQ(run("export h100-lab --format xml").code, 2);
  EXPECT_THAT(run("export h100-lab --format csv --from noon").err, HasSubstr("--from noon"));
  const Outcome backwards = run("export h100-lab --format csv --from 10s --to 5s");
  EXPECT_EQ(backwards.code, 2);
  EXPECT_EQ(backwards.out, "");
  EXPECT_THAT(backwards.err, HasSubstr("--from is 5 s after --to"));
  const Outcome late = run("export h100-lab --format csv --from 1000s");
  EXPECT_EQ(late.code, 1);
  EXPECT_EQ(late.out, "");
  EXPECT_THAT(late.err, HasSubstr("h100-lab.assay has no window there; it spans"));
}

}  // namespace
}  // namespace assay::test
