// SPDX-License-Identifier: Apache-2.0
#include "page_files.h"

#include <array>
#include <cstddef>

#define TIDEMILL_PAGE(symbol)                             \
  extern "C" const char tidemill_page_##symbol##_begin[]; \
  extern "C" const char tidemill_page_##symbol##_end[]
TIDEMILL_PAGE(home_html);
TIDEMILL_PAGE(home_js);
TIDEMILL_PAGE(docs_html);
TIDEMILL_PAGE(docs_js);
TIDEMILL_PAGE(style_css);
TIDEMILL_PAGE(favicon_svg);
TIDEMILL_PAGE(swagger_ui_css);
TIDEMILL_PAGE(swagger_ui_bundle_js);
#undef TIDEMILL_PAGE

namespace tidemill::web {
namespace {

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

constexpr std::string_view kHtml = "text/html; charset=utf-8";
constexpr std::string_view kScript = "text/javascript; charset=utf-8";
constexpr std::string_view kStyle = "text/css; charset=utf-8";

#define TIDEMILL_BYTES(symbol) Between(tidemill_page_##symbol##_begin, tidemill_page_##symbol##_end)
const std::array kFiles = {
    PageFile{"/", kHtml, TIDEMILL_BYTES(home_html)},
    PageFile{"/assets/home.js", kScript, TIDEMILL_BYTES(home_js)},
    PageFile{"/assets/style.css", kStyle, TIDEMILL_BYTES(style_css)},
    PageFile{"/favicon.svg", "image/svg+xml", TIDEMILL_BYTES(favicon_svg)},
    PageFile{"/docs", kHtml, TIDEMILL_BYTES(docs_html)},
    PageFile{"/docs/docs.js", kScript, TIDEMILL_BYTES(docs_js)},
    PageFile{"/docs/swagger-ui.css", kStyle, TIDEMILL_BYTES(swagger_ui_css)},
    PageFile{"/docs/swagger-ui-bundle.js", kScript, TIDEMILL_BYTES(swagger_ui_bundle_js)},
};
#undef TIDEMILL_BYTES

}  // namespace

std::span<const PageFile> PageFiles() {
  return kFiles;
}

}  // namespace tidemill::web
