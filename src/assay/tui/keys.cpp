// SPDX-License-Identifier: Apache-2.0
#include "assay/tui/keys.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace assay::tui {
namespace {

constexpr std::size_t kLongest = 64;  // no sequence that is understood is longer

struct Sequence {
  std::size_t length = 0;  // 0: more must come
  std::optional<Input> input;
};

struct Final {
  char byte;
  Key key;
};
constexpr std::array<Final, 9> kFinals = {{{'A', Key::up},
                                           {'B', Key::down},
                                           {'C', Key::right},
                                           {'D', Key::left},
                                           {'H', Key::home},
                                           {'F', Key::end},
                                           {'P', Key::f1},
                                           {'S', Key::f4},
                                           {'M', Key::enter}}};  // ESC O M: keypad Enter
struct Number {
  int number;
  Key key;
};
constexpr std::array<Number, 10> kNumbers = {{{1, Key::home},
                                              {4, Key::end},
                                              {5, Key::page_up},
                                              {6, Key::page_down},
                                              {7, Key::home},
                                              {8, Key::end},
                                              {11, Key::f1},
                                              {14, Key::f4},
                                              {17, Key::f6},
                                              {21, Key::f10}}};

std::array<int, 3> numbers(std::string_view text) {
  std::array<int, 3> found{};
  for (int& number : found) {
    const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc()) number = 0;
    const std::size_t next = text.find(';');
    if (next == std::string_view::npos) break;
    text.remove_prefix(next + 1);
  }
  return found;
}

// ESC [ < button ; column ; row, then M (pressed) or m (released): xterm's SGR reports.
std::optional<Input> mouse(std::string_view parameters, bool pressed) {
  const auto [button, column, row] = numbers(parameters);
  if (!pressed || column < 1 || row < 1) return std::nullopt;
  Input input{.x = column - 1, .y = row - 1};
  switch (button & ~0b11100) {  // without shift, meta, control
    case 0: input.key = Key::press; return input;
    case 64: input.key = Key::wheel_up; return input;
    case 65: input.key = Key::wheel_down; return input;
    default: return std::nullopt;
  }
}

std::optional<Input> keyboard(std::string_view parameters, char last) {
  const auto [number, modifier, unused] = numbers(parameters);
  Input input{.shift = modifier > 1};
  if (last == '~') {
    const auto* row = std::ranges::find(kNumbers, number, &Number::number);
    if (row == kNumbers.end()) return std::nullopt;
    input.key = row->key;
    return input;
  }
  const auto* row = std::ranges::find(kFinals, last, &Final::byte);
  if (row == kFinals.end()) return std::nullopt;
  input.key = row->key;
  return input;
}

// After ESC [: parameters and intermediate bytes 0x20..0x3f, then one of 0x40..0x7e (ECMA-48).
Sequence control_sequence(std::string_view text) {
  std::size_t end = 2;
  while (end < text.size() && text[end] >= 0x20 && text[end] <= 0x3f) ++end;
  if (end == text.size()) return {text.size() > kLongest ? text.size() : 0, std::nullopt};
  const std::string_view parameters = text.substr(2, end - 2);
  const char last = text[end];
  if (parameters.starts_with('<') && (last == 'M' || last == 'm'))
    return {end + 1, mouse(parameters.substr(1), last == 'M')};
  return {end + 1, keyboard(parameters, last)};
}

Sequence escape(std::string_view text) {
  if (text.size() == 1) return {0, std::nullopt};
  if (text[1] == '[') return control_sequence(text);
  if (text[1] == 'O') {
    if (text.size() == 2) return {0, std::nullopt};
    return {3, keyboard("", text[2])};
  }
  return {1, Input{.key = Key::escape}};  // what follows is a key of its own
}

Sequence next(std::string_view text) {
  const char c = text.front();
  switch (c) {
    case '\x1b': return escape(text);
    case '\r':
    case '\n': return {1, Input{.key = Key::enter}};
    case '\t': return {1, Input{.key = Key::tab}};
    case '\b':
    case '\x7f': return {1, Input{.key = Key::backspace}};
    default: break;
  }
  if (c >= 0x20 && c <= 0x7e) return {1, Input{.key = Key::character, .character = c}};
  return {1, std::nullopt};
}

}  // namespace

std::vector<Input> KeyParser::feed(std::string_view bytes) {
  pending_ += bytes;
  std::vector<Input> inputs;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    const Sequence sequence = next(rest);
    if (sequence.length == 0) break;
    if (sequence.input) inputs.push_back(*sequence.input);
    rest.remove_prefix(sequence.length);
  }
  pending_.erase(0, pending_.size() - rest.size());
  return inputs;
}

std::vector<Input> KeyParser::flush() {
  const bool escape_key = pending_ == "\x1b";
  pending_.clear();
  if (!escape_key) return {};
  return {Input{.key = Key::escape}};
}

}  // namespace assay::tui
