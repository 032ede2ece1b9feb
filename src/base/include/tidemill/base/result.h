// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <tl/expected.hpp>

namespace tidemill::base {

// What went wrong, in twelve kinds. One table (TraitsOf) maps each to HTTP status, exit code and "may be retried".
enum class ErrorCode {
  kMalformed,        // cannot be read at all
  kInvalid,          // can be read, means nothing allowed
  kUnauthenticated,  // who are you
  kForbidden,        // not allowed
  kNotFound,
  kConflict,  // somebody else was first
  kTooLarge,
  kUnsupported,
  kCancelled,
  kTimeOut,
  kUnavailable,  // may work later
  kInternal,     // a fault of ours
};

// A run that ended as it should, but did not publish. It overrides the exit code: 3 a check failed, 4 held.
enum class Verdict { kNone, kCheckFailed, kHeld };

struct ErrorTraits {
  std::string_view name;  // "not-found"
  int http_status;
  int exit_code;
  bool retryable;
};

// An error is a value. `message` is lower case, without full stop, names the offending value and what was expected;
// `place` says where ("file.xls, sheet 'A', B4", "recipe.toml:12:3") and may be empty.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string place = {};
  Verdict verdict = Verdict::kNone;

  // "place: message"
  std::string ToText() const;
  // Adds "while <what>: " in front of the message, on the way up.
  Error While(std::string_view what) &&;
};

const ErrorTraits& TraitsOf(ErrorCode code);
int ExitCodeOf(const Error& error);

// Result<T>: a T or an Error. tl::expected with [[nodiscard]].
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
  using tl::expected<T, Error>::operator=;
};
using Status = Result<void>;

// return Fail(ErrorCode::kInvalid, "port {} is taken", port);
template <class... Args>
tl::unexpected<Error> Fail(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(Error{.code = code, .message = fmt::format(format, std::forward<Args>(args)...)});
}

// The same with a place.
template <class... Args>
tl::unexpected<Error> FailAt(ErrorCode code, std::string place, fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(
      Error{.code = code, .message = fmt::format(format, std::forward<Args>(args)...), .place = std::move(place)});
}

// A value for a message: cut to 60 characters, control characters escaped, in single quotes.
std::string Quoted(std::string_view value);

}  // namespace tidemill::base

#define TIDEMILL_CONCAT_(a, b) a##b
#define TIDEMILL_CONCAT(a, b) TIDEMILL_CONCAT_(a, b)
#define TIDEMILL_ASSIGN_(temporary, declaration, ...)                              \
  auto temporary = (__VA_ARGS__);                                                  \
  if (!temporary.has_value()) return tl::unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)
// TIDEMILL_ASSIGN(auto bytes, store.Read(path)); returns the error, else binds the value.
#define TIDEMILL_ASSIGN(declaration, ...) TIDEMILL_ASSIGN_(TIDEMILL_CONCAT(result_, __LINE__), declaration, __VA_ARGS__)
// TIDEMILL_CHECK(store.Delete(path)); returns the error.
#define TIDEMILL_CHECK(...)                                                                        \
  do {                                                                                             \
    if (auto status_ = (__VA_ARGS__); !status_) return tl::unexpected(std::move(status_).error()); \
  } while (false)
