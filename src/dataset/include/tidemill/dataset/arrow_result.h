// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <new>
#include <string>
#include <utility>

#include <arrow/result.h>
#include <arrow/status.h>

#include "tidemill/base/result.h"

// The adapter between Arrow's statuses and exceptions and ours.
namespace tidemill::dataset {

inline base::Error ToError(const arrow::Status& status, std::string_view what) {
  base::ErrorCode code = base::ErrorCode::kMalformed;
  if (status.IsNotImplemented()) code = base::ErrorCode::kUnsupported;
  if (status.IsOutOfMemory() || status.IsCapacityError()) code = base::ErrorCode::kTooLarge;
  return base::Error{.code = code, .message = fmt::format("cannot {}: {}", what, status.message())};
}

template <class T>
base::Result<T> FromArrow(arrow::Result<T> result, std::string_view what) {
  if (!result.ok()) return tl::unexpected(ToError(result.status(), what));
  return std::move(result).MoveValueUnsafe();
}

inline base::Status FromArrow(const arrow::Status& status, std::string_view what) {
  if (!status.ok()) return tl::unexpected(ToError(status, what));
  return {};
}

// Calls `work`, which gives a Result; what the library throws becomes an error.
template <class Work>
auto Guarded(std::string_view what, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return base::Fail(base::ErrorCode::kTooLarge, "cannot {}: not enough memory", what);
  } catch (const std::exception& error) {
    return base::Fail(base::ErrorCode::kMalformed, "cannot {}: {}", what, error.what());
  }
}

}  // namespace tidemill::dataset
