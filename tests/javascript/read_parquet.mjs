// SPDX-License-Identifier: Apache-2.0
// Reads two columns of a Parquet file over ranges, and says what was asked for: node read_parquet.mjs URL COLUMN…
import { asyncBufferFromUrl, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

const [url, ...columns] = process.argv.slice(2);
const asked = [];
const counting = (address, options = {}) => {
  const range = new Headers(options.headers).get('Range');
  asked.push(`${options.method ?? 'GET'} ${range ?? ''}`.trim());
  return fetch(address, options);
};
const file = await asyncBufferFromUrl({ url, fetch: counting });
const rows = await parquetReadObjects({ file, columns, compressors });
const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value);
process.stdout.write(JSON.stringify({ bytes: file.byteLength, asked, rows }, plain));
