// SPDX-License-Identifier: Apache-2.0
// Axes: round steps of numbers, and of years.
export const linear = (from, to, start, end) => (value) => start + (to === from ? 0.5 : (value - from) / (to - from)) * (end - start);

const stepOf = (span, most) => {
  const rough = span / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999);
};

// From a round number at or below the least to one at or above the greatest. Bars begin at zero; lines do too
// unless that would flatten them.
export const valueAxis = (values, most, { zero }) => {
  const [least, greatest] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [Infinity, -Infinity]);
  const low = zero || (least > 0 && least < greatest * 0.5) ? Math.min(0, least) : least;
  const high = zero ? Math.max(0, greatest) : greatest;
  const step = stepOf(high - low || Math.abs(high) || 1, most);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
};

// Whole years, or parts of them where the span is short: none finer than the periods are.
export const timeAxis = (from, to, most, finest = 1 / 12) => {
  const steps = [1 / 12, 1 / 4, 1 / 2, 1, 2, 5, 10, 20, 50, 100].filter((own) => own > finest - 1e-6);
  const step = steps.find((own) => (to - from) / own <= most) ?? 200;
  const first = Math.ceil(from / step - 1e-6);
  const last = Math.floor(to / step + 1e-6);
  return { step, ticks: Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step) };
};
