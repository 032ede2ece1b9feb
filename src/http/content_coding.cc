// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/content_coding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <new>

#include <zlib.h>
#include <zstd.h>

namespace tidemill::http {
namespace {

// Answers are made for one client and sent once, so speed counts for more than the last byte.
constexpr int kGzipLevel = 4;
constexpr int kZstdLevel = 3;
constexpr std::size_t kRoom = std::size_t{32} << 10U;
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30U;  // zlib counts in 32 bits

struct FreeZstd {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

struct BodyEncoder::State {
  explicit State(Coding given) : coding(given) {
    if (coding == Coding::kGzip) {
      // 15 bits of window, 16 for gzip's frame, whose header has no time in it.
      if (deflateInit2(&gzip, kGzipLevel, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    } else if (coding == Coding::kZstd) {
      zstd.reset(ZSTD_createCCtx());
      if (!zstd) throw std::bad_alloc();
      ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_compressionLevel, kZstdLevel);
    }
  }
  ~State() {
    if (coding == Coding::kGzip) deflateEnd(&gzip);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void Gzip(std::string& out, std::string_view piece, bool last);
  void Zstd(std::string& out, std::string_view piece, bool last);

  Coding coding;
  z_stream gzip{};
  std::unique_ptr<ZSTD_CCtx, FreeZstd> zstd;
  std::array<char, kRoom> room{};
};

void BodyEncoder::State::Gzip(std::string& out, std::string_view piece, bool last) {
  do {
    const std::string_view part = piece.substr(0, kMostAtOnce);
    piece.remove_prefix(part.size());
    gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(part.data()));  // zlib only reads it
    gzip.avail_in = static_cast<uInt>(part.size());
    const int flush = last && piece.empty() ? Z_FINISH : Z_NO_FLUSH;
    do {
      gzip.next_out = reinterpret_cast<Bytef*>(room.data());
      gzip.avail_out = static_cast<uInt>(room.size());
      deflate(&gzip, flush);  // fails only for a state that is none
      out.append(room.data(), room.size() - gzip.avail_out);
    } while (gzip.avail_out == 0);
  } while (!piece.empty());
}

void BodyEncoder::State::Zstd(std::string& out, std::string_view piece, bool last) {
  ZSTD_inBuffer in{piece.data(), piece.size(), 0};
  const ZSTD_EndDirective mode = last ? ZSTD_e_end : ZSTD_e_continue;
  while (true) {
    ZSTD_outBuffer ready{room.data(), room.size(), 0};
    const std::size_t left = ZSTD_compressStream2(zstd.get(), &ready, &in, mode);
    if (ZSTD_isError(left) != 0) throw std::bad_alloc();
    out.append(room.data(), ready.pos);
    if (last ? left == 0 : in.pos == in.size) return;
  }
}

BodyEncoder::BodyEncoder(Coding coding) : state_(std::make_unique<State>(coding)) {}
BodyEncoder::~BodyEncoder() = default;

std::string BodyEncoder::Encode(std::string_view piece, bool last) {
  if (state_->coding == Coding::kIdentity) return std::string(piece);
  std::string out;
  if (state_->coding == Coding::kGzip) {
    state_->Gzip(out, piece, last);
  } else {
    state_->Zstd(out, piece, last);
  }
  return out;
}

}  // namespace tidemill::http
