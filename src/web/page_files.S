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
#define PAGE(symbol, path, type, file) page symbol, file;
#include "page_list.inc"
  .section .note.GNU-stack, "", @progbits
