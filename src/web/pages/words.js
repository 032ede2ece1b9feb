// SPDX-License-Identifier: Apache-2.0
// How numbers, periods, statuses and kinds of area are written for people.
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6 });
const SIGNED = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6, signDisplay: 'exceptZero' });
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const KINDS = { lad: 'local authorities', county: 'counties', 'met-county': 'metropolitan counties', region: 'regions',
  'london-part': 'parts of London', country: 'countries', elsewhere: 'lived elsewhere', combined: 'combined areas' };

const NAMES = { geo_type: 'Kind of area', realtime_start: 'Published from', realtime_end: 'Until', vintage: 'Version' };

export const number = (value) => NUMBER.format(value);
export const signed = (value) => SIGNED.format(value);
export const kind = (name) => KINDS[name] ?? name;
export const count = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;

// "2021-03" → "Mar 2021", "2021-Q1" → "Q1 2021"; years, weeks, days stay.
export const period = (text) => {
  const month = /^(\d{4})-(\d{2})$/.exec(text);
  if (month) return `${MONTHS[month[2] - 1]} ${month[1]}`;
  const quarter = /^(\d{4})-(Q\d)$/.exec(text);
  return quarter ? `${quarter[2]} ${quarter[1]}` : String(text);
};

// A period as a number of years, for the axis of time.
export const yearsOf = (text) => {
  const [, year, rest = ''] = /^(-?\d+)-?(.*)$/.exec(text) ?? [];
  const start = Number(year);
  if (rest === '') return start;
  if (rest[0] === 'Q') return start + (rest[1] - 1) / 4;
  if (rest[0] === 'W') return start + (rest.slice(1) - 1) / 53;
  const [month, day = '1'] = rest.split('-');
  return start + (month - 1) / 12 + (parseInt(day, 10) - 1) / 372;
};
// The part of a year that periods are, as long as all of them are quarters, or years; else months.
export const partOf = (periods) => {
  if (periods.every((text) => /^-?\d+$/.test(text))) return 1;
  return periods.every((text) => /-Q\d$/.test(text)) ? 1 / 4 : 1 / 12;
};
export const quarterOf = (years) => `Q${(Math.round((years - Math.floor(years)) * 4) % 4) + 1}`;
export const monthOf = (years) => MONTHS[Math.round((years - Math.floor(years)) * 12) % 12];

// "p,r" → "provisional, revised".
export const status = (text, meanings) => String(text).split(',').map((code) => meanings.get(code) ?? `“${code}”`).join(', ');

// A column's own title; else what its role says, or its name.
export const titleOf = (column) => {
  if (column.title) return column.title;
  if (column.codes === 'gss') return 'Area';
  if (column.role === 'status') return 'Status';
  if (column.name in NAMES) return NAMES[column.name];
  const text = column.name.replaceAll('_', ' ');
  return text[0].toUpperCase() + text.slice(1);
};

// What a description says beyond the title.
export const descriptionOf = ({ title, description }) => (description === title ? '' : description ?? '');
