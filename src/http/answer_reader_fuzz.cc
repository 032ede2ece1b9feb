// SPDX-License-Identifier: Apache-2.0
// An answer in one piece and in many reads the same, and no body outgrows its limit.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "answer_reader.h"

namespace {

using tidemill::http::AnswerReader;

constexpr std::uint64_t kMost = 4096;

AnswerReader::Fault Read(AnswerReader& reader, std::string_view bytes, std::size_t piece) {
  while (!bytes.empty() && !reader.whole()) {
    const auto fault = reader.Take(bytes.substr(0, piece));
    if (fault != AnswerReader::Fault::kNone) return fault;
    if (reader.have() > kMost) std::abort();
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return reader.whole() ? AnswerReader::Fault::kNone : reader.End();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  AnswerReader at_once(false, kMost);
  AnswerReader in_pieces(false, kMost);
  const auto fault = Read(at_once, bytes, bytes.size());
  if (Read(in_pieces, bytes, 1 + data[0] % 16) != fault) std::abort();
  if (fault != AnswerReader::Fault::kNone) return 0;
  if (at_once.response().body != in_pieces.response().body) std::abort();
  if (at_once.response().headers != in_pieces.response().headers) std::abort();
  return 0;
}
