// SPDX-License-Identifier: Apache-2.0
// The packed files of the pages, each between two symbols (page_files.cc).
.macro page symbol, file
  .global tidemill_page_\symbol\()_begin
  .hidden tidemill_page_\symbol\()_begin
tidemill_page_\symbol\()_begin:
  .incbin "\file"
  .global tidemill_page_\symbol\()_end
  .hidden tidemill_page_\symbol\()_end
tidemill_page_\symbol\()_end:
  .byte 0
.endm

  .section .rodata
  page home_html, "home.html.gz"
  page home_js, "home.js.gz"
  page docs_html, "docs.html.gz"
  page docs_js, "docs.js.gz"
  page style_css, "style.css.gz"
  page favicon_svg, "favicon.svg.gz"
  page swagger_ui_css, "swagger-ui.css.gz"
  page swagger_ui_bundle_js, "swagger-ui-bundle.js.gz"
  .section .note.GNU-stack, "", @progbits
