// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <type_traits>
#include <utility>

#include "assay/base/check.hpp"
#include "assay/base/error.hpp"

namespace assay {

// A value or the Error that kept it from being made. Never ignored: [[nodiscard]] on the class.
// Reading the value of a failed Result is a bug and stops the program (CHECK).
template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : expected_(std::move(value)) {}
  Result(Error error) : expected_(std::unexpected(std::move(error))) {}

  [[nodiscard]] bool ok() const { return expected_.has_value(); }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    CHECK(ok());
    return *expected_;
  }
  [[nodiscard]] T& value() & {
    CHECK(ok());
    return *expected_;
  }
  [[nodiscard]] T&& value() && {
    CHECK(ok());
    return *std::move(expected_);
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  [[nodiscard]] const Error& error() const {
    CHECK(!ok());
    return expected_.error();
  }

 private:
  std::expected<T, Error> expected_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : expected_(std::unexpected(std::move(error))) {}

  [[nodiscard]] bool ok() const { return expected_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    CHECK(!ok());
    return expected_.error();
  }

 private:
  std::expected<void, Error> expected_;
};

using Status = Result<void>;

}  // namespace assay

// TRY(expr): returns the error of a Result to the caller, drops its value.
#define TRY(expr)                                                                           \
  do {                                                                                      \
    if (auto assay_try_result = (expr); !assay_try_result) return assay_try_result.error(); \
  } while (false)

#define ASSAY_CONCAT_INNER(a, b) a##b
#define ASSAY_CONCAT(a, b) ASSAY_CONCAT_INNER(a, b)

// TRY_ASSIGN(auto x, expr): x = the value, or returns the error to the caller.
#define TRY_ASSIGN(declaration, expr) \
  TRY_ASSIGN_INNER(ASSAY_CONCAT(assay_try_, __LINE__), declaration, expr)
#define TRY_ASSIGN_INNER(name, declaration, expr) \
  auto name = (expr);                             \
  if (!name) return name.error();                 \
  declaration = std::move(*name)
