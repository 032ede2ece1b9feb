// SPDX-License-Identifier: Apache-2.0
#include "number_scan.h"

#include <cmath>

#include <fast_float/fast_float.h>

#include "tidemill/base/ascii.h"

namespace tidemill::workbook {
namespace {

const char* SkipDigits(const char* at) {
  while (base::IsDigit(*at)) ++at;
  return at;
}

}  // namespace

const char* ScanOtherNumber(const char* text, double& value) {
  const char* at = text + (*text == '-' ? 1 : 0);
  if (!base::IsDigit(*at)) return nullptr;
  at = SkipDigits(at);
  if (*at == '.') {
    if (!base::IsDigit(at[1])) return nullptr;
    at = SkipDigits(at + 1);
  }
  if (*at == 'e' || *at == 'E') {
    ++at;
    if (*at == '-' || *at == '+') ++at;
    if (!base::IsDigit(*at)) return nullptr;
    at = SkipDigits(at);
  }
  const auto [stop, error] = fast_float::from_chars(text, at, value);
  return error == std::errc() && stop == at && std::isfinite(value) ? at : nullptr;
}

}  // namespace tidemill::workbook
