// SPDX-License-Identifier: Apache-2.0
#include "house/blank.hpp"

#include <algorithm>
#include <cctype>

namespace assay::house {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    out_.code.assign(text.size(), ' ');
    out_.comments.assign(text.size(), ' ');
    for (std::size_t i = 0; i < text.size(); ++i)
      if (text[i] == '\n') out_.code[i] = out_.comments[i] = '\n';
  }

  Blanked run() {
    while (at_ < text_.size()) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("//")) comment_until(text_.find('\n', at_));
      else if (rest.starts_with("/*")) comment_until(after(text_.find("*/", at_ + 2), 2));
      else if (rest.starts_with("R\"") && !after_word()) raw_string();
      else if (rest[0] == '"' || (rest[0] == '\'' && !after_word())) literal(rest[0]);
      else keep();
    }
    return std::move(out_);
  }

 private:
  // A quote after a word character is a digit separator (1'000), not a literal. Prefixes such as
  // u8'x' are rare enough to be misread.
  [[nodiscard]] bool after_word() const { return at_ > 0 && is_word(text_[at_ - 1]); }

  static std::size_t after(std::size_t position, std::size_t length) {
    return position == std::string_view::npos ? position : position + length;
  }

  void keep() {
    out_.code[at_] = text_[at_];
    ++at_;
  }

  void comment_until(std::size_t end) {
    end = std::min(end, text_.size());
    std::copy(text_.begin() + static_cast<std::ptrdiff_t>(at_),
              text_.begin() + static_cast<std::ptrdiff_t>(end),
              out_.comments.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = end;
  }

  // Keeps the quotes, so that the code still shows where a literal stood.
  void literal(char quote) {
    keep();
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n')
      at_ += text_[at_] == '\\' ? 2U : 1U;
    if (at_ < text_.size()) keep();
    at_ = std::min(at_, text_.size());
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) return keep();
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t end = std::min(after(text_.find(close, open), close.size()), text_.size());
    out_.code[at_ + 1] = out_.code[end - 1] = '"';
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Blanked out_;
};

}  // namespace

Blanked blank(std::string_view text) { return Scanner(text).run(); }

}  // namespace assay::house
