// SPDX-License-Identifier: Apache-2.0
#include "assay/catalog/catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

#include "assay/catalog/test_chip.hpp"

namespace assay::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

Result<Catalog> parse(std::string_view text, std::string_view name = "chips/toy.toml") {
  const std::array files{text::NamedText{name, text}};
  return Catalog::parse(files);
}

TEST(Catalog, ReadsEveryFieldWithItsUnit) {
  const auto parsed = parse(kTestChip);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Chip* chip = parsed->find("toy");
  ASSERT_NE(chip, nullptr);
  EXPECT_EQ(chip->name, "Toy 1");
  EXPECT_EQ(chip->kind, ChipKind::gpu);
  EXPECT_EQ(chip->compute_capability, (ComputeCapability{9, 0}));
  EXPECT_EQ(chip->sm_count(), 10);
  EXPECT_EQ(chip->tdp->value, Watts(100));
  EXPECT_EQ(chip->device_memory()->capacity->value, gib(80));
  EXPECT_EQ(chip->device_memory()->available(), mib(81000));
  EXPECT_EQ(chip->device_memory()->bandwidth->value, gigabytes_per_second(3350));
  EXPECT_EQ(chip->link(LinkRole::scale_up)->one_way.value, gigabytes_per_second(450));
  EXPECT_EQ(chip->link(LinkRole::host), nullptr);
  EXPECT_EQ(chip->rental->typical, DollarsPerHour(2.5));
  EXPECT_FALSE(chip->purchase.has_value());
}

TEST(Catalog, EachFigureKnowsItsSourceAndConfidence) {
  const auto parsed = parse(kTestChip);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Chip& chip = *parsed->find("toy");
  EXPECT_EQ(chip.source_of(*chip.memory[0].usable).title, "nvidia-smi");
  EXPECT_EQ(chip.source_of(*chip.memory[0].bandwidth).date, "2024-01-31");
  EXPECT_EQ(chip.source_of(*chip.rental).title, "median of offers");
  EXPECT_EQ(chip.rental->confidence, Confidence::partial);
  EXPECT_EQ(chip.units->confidence, Confidence::verified);
  EXPECT_EQ(chip.tdp->confidence, Confidence::recalled) << "a figure may lower its source's";
}

TEST(Catalog, PeakScalesWithTheClockItIsStatedAt) {
  const auto parsed = parse(kTestChip);
  ASSERT_TRUE(parsed) << parsed.error().message;
  const Chip& chip = *parsed->find("toy");
  const Peak* bf16 = chip.peak(Dtype::bf16);
  ASSERT_NE(bf16, nullptr);
  EXPECT_DOUBLE_EQ(bf16->at(megahertz(2000)).value(), 2 * 40.96e12);
  const Peak* fp16 = chip.peak(Dtype::fp16, Engine::matrix);
  EXPECT_DOUBLE_EQ(fp16->at(megahertz(2000)).value(), 80e12) << "no clock stated: as it is";
  EXPECT_EQ(chip.peak(Dtype::fp8), nullptr);
  EXPECT_EQ(chip.peak(Dtype::bf16, Engine::vector), nullptr);
}

struct BadFile {
  const char* from;
  const char* to;
  const char* place;  // that the message starts with
  const char* says;   // that it holds
};

class BadFiles : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, GiveOneErrorWithFileAndLine) {
  const BadFile& bad = GetParam();
  const std::string text = edited(kTestChip, bad.from, bad.to);
  const std::array files{text::NamedText{"chips/toy.toml", text}};
  const auto errors = Catalog::check(files);
  ASSERT_THAT(errors, SizeIs(1)) << (errors.empty() ? "" : errors.back().message);
  EXPECT_THAT(errors[0].message, StartsWith(std::string("chips/toy.toml:") + bad.place + ": "));
  EXPECT_THAT(errors[0].message, HasSubstr(bad.says));
  EXPECT_EQ(errors[0].code, ErrorCode::invalid_argument);
}

constexpr BadFile kBadFiles[] = {
    {"tdp_w = {value = 100, source = \"sheet\", confidence = \"recalled\"}", "tdp_w = 100", "10",
     "tdp_w has no source"},
    {"fp32_per_unit = {value = 128, source = \"sheet\"}", "fp32_per_unit = {value = 128}", "9",
     "a figure without a source is refused"},
    {"units = {value = 10, source", "units = {source", "8", "value in units is missing"},
    {"ops_per_clk = 4096, source = \"sheet\"", "ops_per_clk = 4096", "12", "source in [[peak]]"},
    {"lanes = 18\nsource = \"sheet\"", "lanes = 18", "23", "source in [[link]] is missing"},
    {"bandwidth_gb_s = 3350\nsource = \"sheet\"",
     "bandwidth_gb_s = {value = 1, source = \"sheet\"}", "18",
     "capacity_gib in [[memory]] has no source"},
    {"high = 4, source = \"offers\"}", "high = 4, source = \"offer\"}", "31",
     "did you mean \"offers\"?"},
    {"unit = \"SM\"", "unit = \"SM\"\nl3_mib = 4", "8", "unknown key \"l3_mib\""},
    {"lanes = 18", "lane = 18", "27", "did you mean \"lanes\"?"},
    {"confidence = \"recalled\"}", "confidance = \"recalled\"}", "10",
     "did you mean \"confidence\"?"},
    {"confidence = \"recalled\"}", "confidence = \"sure\"}", "10", "\"partial\" or \"recalled\""},
    {"lanes = 18\nsource = \"sheet\"", "source = \"offers\"\nconfidence = \"verified\"", "28",
     "no surer than where it is from"},
    {"{value = 100,", "{value = -100,", "10", "tdp_w = -100 must be above 0"},
    {"{value = 100,", "{value = 0,", "10", "leave out what is unknown"},
    {"{value = 100,", "{value = nan,", "10", "beyond any chip"},
    {"{value = 100,", "{value = 1e300,", "10", "check its unit"},
    {"{value = 100,", "{value = \"100\",", "10", "tdp_w is a string: write a number"},
    {"tera_ops = 80,", "tera_ops = -80,", "13", "must be above 0"},
    {"{value = 10, source", "{value = 10.5, source", "8", "whole number"},
    {"kind = \"gpu\"", "kind = \"toaster\"", "4", "cpu, gpu, fpga, asic, apu, cim"},
    {"kind = \"gpu\"", "kind = 4", "4", "write one of"},
    {"name = \"Toy 1\"", "", "1", "name is missing"},
    {"name = \"Toy 1\"", "name = \"\"", "2", "name is empty"},
    {"name = \"Toy 1\"", "name = 7", "2", "write a string"},
    {"name = \"Toy 1\"", "name = \"\\u001b[2J\"", "2", "control character"},
    {"name = \"Toy 1\"", "name = \"\\u009b2J\"", "2", "control character"},
    {"id = \"toy\"", "id = \"toi\"", "1", "differs from the file's name"},
    {"id = \"toy\"", "id = \"../toy\"", "1", "lower-case letters, digits"},
    {"compute_capability = \"9.0\"", "compute_capability = 9.0", "6", "such as \"9.0\""},
    {"compute_capability = \"9.0\"", "", "1", "compute_capability is missing"},
    {"nvml_names = [\"NVIDIA Toy\"]", "", "1", "nvml_names is missing"},
    {"nvml_names = [\"NVIDIA Toy\"]", "nvml_names = \"NVIDIA Toy\"", "5", "array of strings"},
    {"nvml_names = [\"NVIDIA Toy\"]", "nvml_names = [\"NVIDIA Toy\", \"NVIDIA Toy\"]", "1",
     "NVML name \"NVIDIA Toy\""},
    {"tdp_w = {value = 100, source = \"sheet\", confidence = \"recalled\"}", "", "1",
     "tdp_w is missing"},
    {"tera_ops = 40.96", "tera_ops = 81.92", "12", "is it sparse"},
    {"clock_mhz = 1000", "clock_mhz = 1030", "12", "at another clock"},
    {"value = 81000", "value = 82000", "16", "GB against GiB"},
    {"low = 1, typical", "low = 3, typical", "31", "must not decrease"},
    {"date = \"2025\"", "date = \"soon\"", "35", "YYYY-MM-DD"},
    {"date = \"2025\"", "date = \"2025-13\"", "35", "YYYY-MM-DD"},
    {"\"nvidia-smi\", date = \"2025\"", "\"nvidia-smi\"", "35", "date in [sources.smi] is missing"},
    {"\"2025\", confidence = \"verified\"", "\"2025\"", "35", "confidence in [sources.smi]"},
    {"https://example.com", "javascript:1", "34", "https://"},
    {"[sources]", "[sources]\nspare = {title = \"x\", date = \"2025\", confidence = \"verified\"}",
     "34", "used by no figure"},
    {"{low = 1, typical = 2.5, high = 4, source = \"offers\"}", "2.5", "31", "has no source"},
    {"id = \"toy\"", "id = \"toy\" \"x\"", "1", "not valid TOML"},
    {"name = \"Toy 1\"", "name = \"Toy 1\"\nname = \"Toy 2\"", "3", "not valid TOML"},
    {"name = \"Toy 1\"", "name = \"\xff\xfe\"", "2", "not valid TOML"},
    {"name = \"Toy 1\"", "name = \xc3\xa9", "2", "not valid TOML"},  // toml++ calls it unreachable
    {"name = \"Toy 1\"", "name = [}]", "2", "not valid TOML"},       // toml++ asserts
};

INSTANTIATE_TEST_SUITE_P(Each, BadFiles, ::testing::ValuesIn(kBadFiles));

TEST(Catalog, ShowsAllProblemsOfAFileInOrder) {
  std::string text = edited(kTestChip, "{value = 100,", "{value = -1,");
  text = edited(text, "lanes = 18", "lane = 18");
  text = edited(text, "name = \"Toy 1\"", "name = 1");
  const std::array files{text::NamedText{"toy.toml", text}};
  const auto errors = Catalog::check(files);
  ASSERT_THAT(errors, SizeIs(3));
  EXPECT_THAT(errors[0].message, StartsWith("toy.toml:2: "));
  EXPECT_THAT(errors[1].message, StartsWith("toy.toml:10: "));
  EXPECT_THAT(errors[2].message, StartsWith("toy.toml:27: "));
}

TEST(Catalog, RefusesHostileSizeAndDepth) {
  const std::string large(2 << 20, '#');
  EXPECT_THAT(parse(large).error().message, HasSubstr("more than the 1 MiB"));
  const std::string deep = "id = " + std::string(100'000, '[');
  EXPECT_THAT(parse(deep).error().message, HasSubstr("not valid TOML"));
}

TEST(Catalog, RefusesAnIdOrNvmlNameOfTwoChips) {
  const std::string other = edited(kTestChip, "id = \"toy\"", "id = \"toy-2\"");
  const std::array named{text::NamedText{"toy.toml", kTestChip},
                         text::NamedText{"toy-2.toml", other}};
  const auto errors = Catalog::check(named);
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].message,
            "toy-2.toml:1: NVML name \"NVIDIA Toy\" is also in toy.toml: each belongs to one chip");
  const std::string renamed = edited(kTestChip, "[\"NVIDIA Toy\"]", "[\"NVIDIA Toy 2\"]");
  const std::array twice{text::NamedText{"a/toy.toml", kTestChip},
                         text::NamedText{"b/toy.toml", renamed}};
  const auto doubled = Catalog::parse(twice);
  ASSERT_FALSE(doubled);
  EXPECT_THAT(doubled.error().message, HasSubstr("id \"toy\" is also in a/toy.toml"));
}

TEST(Catalog, FindsByTheWholeNameOfABoard) {
  const auto parsed = parse(kTestChip);
  for (const char* name : {"Toy 1", "NVIDIA Toy", "nvidia toy"}) {
    ASSERT_NE(parsed->find(name), nullptr) << name;
    EXPECT_EQ(parsed->find(name)->id, "toy");
  }
  EXPECT_EQ(parsed->find("NVIDIA"), nullptr);
}

TEST(Catalog, CountsWhatIsFromMemory) {
  const std::size_t before = recalled_figures(*parse(kTestChip)->find("toy"));
  const auto surer = parse(edited(kTestChip, ", confidence = \"recalled\"}\npeak", "}\npeak"));
  EXPECT_EQ(recalled_figures(*surer->find("toy")), before - 1);
}

TEST(Catalog, FindsByIdOrAliasWhateverTheCaseAndTheDashes) {
  const auto parsed = parse(edited(kTestChip, "unit = ", "aliases = [\"Big_Toy 80\"]\nunit = "));
  ASSERT_TRUE(parsed) << parsed.error().message;
  for (const char* name : {"toy", "TOY", "big_toy-80", "Big Toy 80"}) {
    ASSERT_NE(parsed->find(name), nullptr) << name;
    EXPECT_EQ(parsed->find(name)->id, "toy");
  }
  EXPECT_EQ(parsed->find("big"), nullptr);
  EXPECT_EQ(parsed->find(""), nullptr);
  EXPECT_THAT(parsed->nearest("bigtoy80"), ElementsAre("toy"));
}

TEST(Catalog, RefusesAnAliasOfTwoChips) {
  const std::string one = edited(kTestChip, "unit = ", "aliases = [\"t 1\"]\nunit = ");
  std::string other = edited(one, "id = \"toy\"", "id = \"toy-2\"");
  other = edited(edited(other, "NVIDIA Toy", "NVIDIA Toy 2"), "\"t 1\"", "\"T_1\"");
  const std::array files{text::NamedText{"toy.toml", one}, text::NamedText{"toy-2.toml", other}};
  const auto errors = Catalog::check(files);
  ASSERT_THAT(errors, SizeIs(1));
  EXPECT_EQ(errors[0].message,
            "toy-2.toml:1: alias \"T_1\" is also in toy.toml: each belongs to one chip");
  const std::string own = edited(kTestChip, "unit = ", "aliases = [\"TOY\"]\nunit = ");
  EXPECT_FALSE(parse(own)) << "the id by another spelling";
}

TEST(Catalog, OtherKindsNeedLessThanAGpu) {
  const std::string text = R"(id = "toy"
name = "Analog"
vendor = "Mythic"
kind = "cim"
year = {value = 2021, source = "s"}
[[memory]]
technology = "analog flash"
[sources]
s = {title = "t", date = "2021", confidence = "recalled"}
)";
  const auto parsed = parse(text);
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->find("toy")->device_memory()->available(), std::nullopt);
  EXPECT_EQ(parsed->find("toy")->sm_count(), std::nullopt);
}

TEST(Catalog, OverlayReplacesAndAdds) {
  const auto base = parse(kTestChip);
  ASSERT_TRUE(base);
  const std::string mine = edited(kTestChip, "\"Toy 1\"", "\"My toy\"");
  std::string added = edited(kTestChip, "id = \"toy\"", "id = \"alpha\"");
  added = edited(added, "NVIDIA Toy", "NVIDIA Alpha");
  const std::array files{text::NamedText{"toy.toml", mine}, text::NamedText{"alpha.toml", added}};
  const auto over = base->overlaid_with(files);
  ASSERT_TRUE(over) << over.error().message;
  ASSERT_THAT(over->all(), SizeIs(2));
  EXPECT_EQ(over->find("toy")->name, "My toy");
  EXPECT_EQ(over->match_nvml_name("NVIDIA Alpha")->id, "alpha");
  EXPECT_EQ(base->find("toy")->name, "Toy 1");

  const std::string thief = edited(kTestChip, "id = \"toy\"", "id = \"thief\"");
  const std::array stolen{text::NamedText{"thief.toml", thief}};
  EXPECT_FALSE(base->overlaid_with(stolen)) << "two chips of one NVML name";
}

TEST(Catalog, NamesTheNearestIds) {
  const auto parsed = parse(kTestChip);
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->nearest("tory"), ElementsAre("toy"));
  EXPECT_THAT(parsed->nearest("h100-sxm5-80gb"), IsEmpty());
  EXPECT_EQ(parsed->find("tory"), nullptr);
}

TEST(Catalog, PointersOutliveAMove) {
  auto parsed = parse(kTestChip);
  ASSERT_TRUE(parsed);
  const Chip* before = parsed->match_nvml_name("NVIDIA Toy");
  const Catalog moved = *std::move(parsed);
  EXPECT_EQ(moved.match_nvml_name("NVIDIA Toy"), before);
  EXPECT_EQ(moved.match_nvml_name("NVIDIA Toy "), nullptr) << "to the letter";
}

}  // namespace
}  // namespace assay::catalog
