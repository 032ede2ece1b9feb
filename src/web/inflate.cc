// SPDX-License-Identifier: Apache-2.0
#include "inflate.h"

#include <cstddef>

#include <zlib.h>

namespace tidemill::web {

std::string Inflate(std::string_view gzip) {
  // A gzip member ends with its size.
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8U | static_cast<unsigned char>(gzip[gzip.size() - 1 - i]);
  std::string out(size, '\0');
  z_stream stream{};
  inflateInit2(&stream, 16 + MAX_WBITS);
  std::string in(gzip);  // zlib's interface takes it as writable
  stream.next_in = reinterpret_cast<unsigned char*>(in.data());
  stream.avail_in = static_cast<unsigned>(in.size());
  stream.next_out = reinterpret_cast<unsigned char*>(out.data());
  stream.avail_out = static_cast<unsigned>(out.size());
  inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  return out;
}

}  // namespace tidemill::web
