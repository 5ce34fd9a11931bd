// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <string>
#include <vector>

// What a program of tests measured, as a table that `make test-gpu` shows when it ends.
namespace assay::test {

struct Row {
  std::string what;
  std::string measured;
  std::string wanted;
};

class Table {
 public:
  static Table& of_this_program() {
    static Table table;
    return table;
  }
  void add(Row row) { rows_.push_back(std::move(row)); }
  ~Table() {
    if (rows_.empty()) return;
    std::printf("\n| what | measured | wanted |\n|---|---|---|\n");
    for (const Row& row : rows_)
      std::printf("| %s | %s | %s |\n", row.what.c_str(), row.measured.c_str(), row.wanted.c_str());
  }

 private:
  std::vector<Row> rows_;
};

}  // namespace assay::test
