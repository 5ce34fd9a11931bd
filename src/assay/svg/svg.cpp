// SPDX-License-Identifier: Apache-2.0
#include "assay/svg/svg.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

namespace assay::svg {
namespace {

// How many bytes the UTF-8 sequence at the start of `text` has; 0: it is none (RFC 3629).
std::size_t sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  return lead == 0xF4 && byte(1) > 0x8F ? 0 : length;
}

std::string titled(std::string_view title) {
  return title.empty() ? "" : fmt::format("<title>{}</title>", escaped(title));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    const char c = text.front();
    if (length == 0) out += '?';
    else if (length > 1) out += text.substr(0, length);
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else if (c == '\'') out += "&#39;";
    else out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string number(double value) {
  std::string out = fmt::format("{:.1f}", value);
  if (out.ends_with(".0")) out.resize(out.size() - 2);
  return out == "-0" ? "0" : out;
}

std::string rect(double x, double y, double width, double height, std::string_view class_name,
                 std::string_view title) {
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" class=\"{}\">{}</rect>\n",
                     number(x), number(y), number(width), number(height), class_name,
                     titled(title));
}

std::string line(Point from, Point to, std::string_view class_name) {
  return fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" class=\"{}\"/>\n",
                     number(from.x), number(from.y), number(to.x), number(to.y), class_name);
}

std::string text(Point at, std::string_view words, std::string_view class_name,
                 std::string_view anchor) {
  return fmt::format("<text x=\"{}\" y=\"{}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n",
                     number(at.x), number(at.y), class_name, anchor, escaped(words));
}

std::string path(std::span<const Point> points, std::string_view class_name, bool closed,
                 std::string_view title) {
  if (points.size() < 2) return "";
  std::string d;
  for (const Point& point : points)
    d += fmt::format("{}{} {}", d.empty() ? "M" : "L", number(point.x), number(point.y));
  return fmt::format("<path class=\"{}\" d=\"{}{}\">{}</path>\n", class_name, d, closed ? "Z" : "",
                     titled(title));
}

std::string document(const Canvas& canvas, std::string_view body) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
      "aria-label=\"{2}\">\n<title>{2}</title>\n{3}{4}</svg>\n",
      number(canvas.width), number(canvas.height), escaped(canvas.title),
      canvas.style.empty() ? "" : fmt::format("<style>{}</style>\n", canvas.style), body);
}

std::vector<double> ticks(double most, int wanted) {
  std::vector<double> out;
  if (!(most > 0) || wanted < 1) return out;
  const double rough = most / wanted;
  const double decade = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * decade;
  for (const double round : {1.0, 2.0, 5.0})
    if (round * decade >= rough) {
      step = round * decade;
      break;
    }
  for (int i = 0; i * step <= most * (1 + 1e-9); ++i) out.push_back(i * step);
  return out;
}

}  // namespace assay::svg
