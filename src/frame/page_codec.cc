// SPDX-License-Identifier: Apache-2.0
#include "page_codec.h"

#include <snappy-c.h>
#include <zstd.h>

namespace tidemill::frame {
namespace {

constexpr int kZstdLevel = 1;

}  // namespace

struct PageCodec::Context {
  Context() : zstd(ZSTD_createCCtx()) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { ZSTD_freeCCtx(zstd); }
  ZSTD_CCtx* zstd;
};

PageCodec::PageCodec(ParquetCodec codec) : codec_(codec) {}
PageCodec::~PageCodec() = default;

int PageCodec::number() const {
  return codec_ == ParquetCodec::kSnappy ? 1 : 6;
}

base::Status PageCodec::Append(std::string& out, std::string_view page) {
  const std::size_t begin = out.size();
  if (codec_ == ParquetCodec::kSnappy) {
    std::size_t size = snappy_max_compressed_length(page.size());
    out.resize(begin + size);
    if (snappy_compress(page.data(), page.size(), out.data() + begin, &size) != SNAPPY_OK) {
      return base::Fail(base::ErrorCode::kInternal, "snappy cannot compress a page of {} bytes", page.size());
    }
    out.resize(begin + size);
    return {};
  }
  if (!context_) context_ = std::make_unique<Context>();
  out.resize(begin + ZSTD_compressBound(page.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context_->zstd, out.data() + begin, out.size() - begin, page.data(), page.size(), kZstdLevel);
  if (ZSTD_isError(size) != 0) {
    return base::Fail(base::ErrorCode::kInternal, "zstd cannot compress a page of {} bytes: {}", page.size(),
                      ZSTD_getErrorName(size));
  }
  out.resize(begin + size);
  return {};
}

}  // namespace tidemill::frame
