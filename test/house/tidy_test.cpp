// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "house/rule.hpp"

namespace assay::house {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (auto* rules : {size_rules, form_rules, include_rules, banned_rules, purity_rules})
    for (Rule& rule : rules()) all.push_back(std::move(rule));
  return all;
}

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> kTree = load_tree(ASSAY_SOURCE_DIR);
  return kTree;
}

class Tidy : public testing::TestWithParam<Rule> {};

TEST_P(Tidy, TheTreeKeepsTheRule) {
  for (const SourceFile& file : tree())
    for (const Violation& violation : GetParam().check(file)) ADD_FAILURE() << violation;
}

TEST_P(Tidy, TheRuleCanFail) {
  const Rule& rule = GetParam();
  ASSERT_FALSE(rule.bad.empty() || rule.good.empty());
  for (const auto& [path, text] : rule.bad)
    EXPECT_FALSE(rule.check(SourceFile(path, text)).empty()) << path << " passes:\n" << text;
  for (const auto& [path, text] : rule.good)
    EXPECT_TRUE(rule.check(SourceFile(path, text)).empty()) << path << " is flagged:\n" << text;
}

INSTANTIATE_TEST_SUITE_P(House, Tidy, testing::ValuesIn(all_rules()),
                         [](const auto& instance) { return instance.param.name; });

TEST(Tree, IsFound) { EXPECT_GT(tree().size(), 30U) << ASSAY_SOURCE_DIR; }

}  // namespace
}  // namespace assay::house
