// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assay/cli/plan_report.hpp"
#include "assay/svg/svg.hpp"

namespace assay::cli {

using svg::escaped;

namespace {

constexpr double kWidth = 960;
constexpr double kHeight = 600;
constexpr double kLeft = 80;
constexpr double kRight = 40;
constexpr double kTop = 60;
constexpr double kBottom = 70;

// A logarithmic axis over the values, a bit wider than they are.
class Axis {
 public:
  Axis(double least, double most, double from, double to)
      : low_(std::log10(least / 1.15)), high_(std::log10(most * 1.15)), from_(from), to_(to) {}

  [[nodiscard]] double at(double value) const {
    return from_ + (std::log10(value) - low_) / (high_ - low_) * (to_ - from_);
  }
  // 1, 2 and 5 of each decade, and every figure of a short axis.
  [[nodiscard]] std::vector<double> ticks() const {
    std::vector<double> found;
    const bool dense = high_ - low_ < 0.9;
    for (double decade = std::floor(low_); decade <= high_; ++decade)
      for (int figure = 1; figure < 10; ++figure) {
        const double value = figure * std::pow(10.0, decade);
        const bool wanted = dense || figure == 1 || figure == 2 || figure == 5;
        if (wanted && std::log10(value) >= low_ && std::log10(value) <= high_)
          found.push_back(value);
      }
    return found;
  }

 private:
  double low_;
  double high_;
  double from_;
  double to_;
};

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  [[nodiscard]] bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

class Picture {
 public:
  explicit Picture(const PlanReport& report) : report_(report) {
    for (std::size_t i = 0; i < report.found.answers.size(); ++i)
      if (report.found.answers[i].prediction.cost) points_.push_back(i);
  }

  std::string draw() {
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
        "height=\"{1}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#222\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
        "<text x=\"{2}\" y=\"28\" font-size=\"17\" font-weight=\"600\">{3}</text>\n"
        "<text x=\"{2}\" y=\"47\" fill=\"#666\">{4:g} tokens in, {5:g} out; below and left is "
        "better; the line joins what nobody beats in both</text>\n",
        kWidth, kHeight, kLeft, escaped(report_.model), report_.in, report_.out);
    if (!points_.empty()) plot();
    return out_ + "</svg>\n";
  }

 private:
  [[nodiscard]] double cost(std::size_t i) const {
    return report_.found.answers[i].prediction.cost->output_all.value();
  }
  [[nodiscard]] double latency(std::size_t i) const {
    return report_.found.answers[i].prediction.e2e.mean.value();
  }

  void plot() {
    const auto [cheap, dear] =
        std::ranges::minmax(points_, {}, [&](std::size_t i) { return cost(i); });
    const auto [fast, slow] =
        std::ranges::minmax(points_, {}, [&](std::size_t i) { return latency(i); });
    const Axis x(latency(fast), latency(slow), kLeft, kWidth - kRight);
    const Axis y(cost(cheap), cost(dear), kHeight - kBottom, kTop);
    axes(x, y);
    for (const std::size_t i : points_)
      if (!report_.found.answers[i].on_frontier)
        out_ += fmt::format(
            "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"#9aa5b1\" "
            "fill-opacity=\"0.55\"><title>{}</title></circle>\n",
            x.at(latency(i)), y.at(cost(i)), escaped(title(i)));
    frontier(x, y);
  }

  [[nodiscard]] std::string title(std::size_t i) const {
    const plan::Candidate& candidate = report_.found.answers[i].candidate;
    return fmt::format("{} x {} {} {}: ${:.2f}, {:.2f} s", candidate.chips(),
                       report_.chips[candidate.roof].id, report_.precision(candidate),
                       layout_text(candidate.parallel), cost(i), latency(i));
  }

  void axes(const Axis& x, const Axis& y) {
    for (const double tick : x.ticks())
      out_ += fmt::format(
          "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" "
          "stroke=\"#e4e7eb\"/><text x=\"{0:.1f}\" y=\"{3}\" "
          "text-anchor=\"middle\">{4:g}</text>\n",
          x.at(tick), kTop, kHeight - kBottom, kHeight - kBottom + 20, tick);
    for (const double tick : y.ticks())
      out_ += fmt::format(
          "<line x1=\"{1}\" x2=\"{2}\" y1=\"{0:.1f}\" y2=\"{0:.1f}\" "
          "stroke=\"#e4e7eb\"/><text x=\"{3}\" y=\"{4:.1f}\" "
          "text-anchor=\"end\">{5:g}</text>\n",
          y.at(tick), kLeft, kWidth - kRight, kLeft - 8, y.at(tick) + 4, tick);
    out_ += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">mean time of a request, s</text>\n"
        "<text transform=\"translate(22 {}) rotate(-90)\" text-anchor=\"middle\">$ a million "
        "output tokens</text>\n",
        (kLeft + kWidth - kRight) / 2, kHeight - 22, (kTop + kHeight - kBottom) / 2);
  }

  // Beside its point, on a ground of its own; nothing where those before leave it no room.
  static std::string label(double px, double py, const std::string& text, std::vector<Box>& taken) {
    constexpr double kCharacter = 6.6;  // of system-ui at 12, at most
    constexpr double kLine = 15;
    const double width = kCharacter * static_cast<double>(text.size());
    const bool left = px + 9 + width > kWidth - 4;
    const double from = left ? px - 9 - width : px + 9;
    const double base = left ? py + 18 : py - 6;
    const Box box{from, base - kLine + 3, from + width, base + 3};
    const bool room =
        std::ranges::none_of(taken, [&](const Box& other) { return box.meets(other); });
    if (!room || from < 4) return "";
    taken.push_back(box);
    return fmt::format(
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"12\" stroke=\"#fff\" "
        "stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>\n",
        px + (left ? -9 : 9), base, left ? "end" : "start", escaped(text));
  }

  void frontier(const Axis& x, const Axis& y) {
    std::string path;
    std::string marks;
    std::vector<Box> taken;
    for (const std::size_t i : points_) {
      if (!report_.found.answers[i].on_frontier) continue;
      const double px = x.at(latency(i));
      const double py = y.at(cost(i));
      path += fmt::format("{:.1f},{:.1f} ", px, py);
      marks += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"#0b7285\">"
          "<title>{}</title></circle>\n",
          px, py, escaped(title(i)));
      marks += label(px, py, title(i), taken);
    }
    out_ += fmt::format(
                "<polyline points=\"{}\" fill=\"none\" stroke=\"#0b7285\" "
                "stroke-width=\"2\"/>\n",
                path) +
            marks;
  }

  const PlanReport& report_;
  std::vector<std::size_t> points_;
  std::string out_;
};

}  // namespace

std::string plan_svg(const PlanReport& report) { return Picture(report).draw(); }

}  // namespace assay::cli
