// SPDX-License-Identifier: Apache-2.0
#include "measure_sum.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

__extension__ using Int128 = __int128;

std::string Digits(Int128 number) {
  std::string text;
  const bool negative = number < 0;
  do {
    const int digit = static_cast<int>(number % 10);
    text += static_cast<char>('0' + (digit < 0 ? -digit : digit));
    number /= 10;
  } while (number != 0);
  if (negative) text += '-';
  std::ranges::reverse(text);
  return text;
}

}  // namespace

MeasureSum::MeasureSum(const recipe::ColumnSpec& spec)
    : name_(spec.name), whole_(spec.type != recipe::ValueType::kFloat64), scale_(spec.scale) {}

void MeasureSum::Add(const Measure& measure) {
  for (std::size_t at = 0; at < measure.states.size(); ++at) {
    if (measure.states[at] != ValueState::kValue) continue;
    if (measure.whole) {
      sum_ += measure.ints[at];
    } else {
      floats_ += measure.doubles[at];
    }
  }
}

std::string MeasureSum::Text() const {
  if (!whole_) {
    const std::string text = base::ShortestDouble(floats_);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }
  std::string text = Digits(sum_);
  if (scale_ == 0) return text;
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  const auto places = static_cast<std::size_t>(scale_);
  if (text.size() - sign <= places) text.insert(sign, places + 1 - (text.size() - sign), '0');
  text.insert(text.size() - places, 1, '.');
  return text;
}

}  // namespace tidemill::transform
