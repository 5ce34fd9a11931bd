// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::svg {

// Text for XML and HTML: what they would read as markup escaped, control characters as blanks,
// bytes that are no UTF-8 as '?'.
std::string escaped(std::string_view text);

// "12.5", "12": a tenth of a pixel is finer than anybody sees.
std::string number(double value);

struct Point {
  double x = 0;
  double y = 0;
};

// Each is one element with a class and a line break. Texts are escaped in here, classes are not.
std::string rect(double x, double y, double width, double height, std::string_view class_name,
                 std::string_view title = {});
std::string line(Point from, Point to, std::string_view class_name);
// anchor: "start", "middle" or "end".
std::string text(Point at, std::string_view words, std::string_view class_name,
                 std::string_view anchor = "start");
// A closed area or, with `closed` false, a line. Nothing for fewer than two points.
std::string path(std::span<const Point> points, std::string_view class_name, bool closed,
                 std::string_view title = {});

struct Canvas {
  double width = 0;
  double height = 0;
  std::string_view title;  // for those who can't see it
  std::string_view style;  // a style sheet of its own, for a picture that stands alone
};
std::string document(const Canvas& canvas, std::string_view body);

// Round steps (1, 2, 5 times a power of ten) that cut 0..most into about `wanted` pieces.
std::vector<double> ticks(double most, int wanted);

}  // namespace assay::svg
