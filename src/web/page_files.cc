// SPDX-License-Identifier: Apache-2.0
#include "page_files.h"

#include <array>
#include <cstddef>

#define PAGE(symbol, path, type, file)                    \
  extern "C" const char tidemill_page_##symbol##_begin[]; \
  extern "C" const char tidemill_page_##symbol##_end[];
#include "page_list.inc"
#undef PAGE

namespace tidemill::web {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kStyle = "text/css; charset=utf-8";

#define PAGE(symbol, path, type, file) \
  PageFile{path, type, Between(tidemill_page_##symbol##_begin, tidemill_page_##symbol##_end)},
const std::array kFiles = {
#include "page_list.inc"
};
#undef PAGE

}  // namespace

std::span<const PageFile> PageFiles() {
  return kFiles;
}

}  // namespace tidemill::web
