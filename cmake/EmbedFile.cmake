# embed_file(TARGET NAME FILE): FILE's bytes in the program, as `std::string_view tidemill::embedded::NAME()` of
# "tidemill_embedded/NAME.h". By .incbin: a megabyte costs no compile time.
function(embed_file TARGET NAME FILE)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  set(header ${folder}/tidemill_embedded/${NAME}.h)
  set(source ${folder}/${NAME}.cc)
  set(assembly ${folder}/${NAME}.S)
  file(CONFIGURE OUTPUT ${header} @ONLY CONTENT [[
#pragma once
#include <string_view>
namespace tidemill::embedded {
std::string_view @NAME@();
}
]])
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
#include "tidemill_embedded/@NAME@.h"
extern "C" const char tidemill_embedded_@NAME@_begin[];
extern "C" const char tidemill_embedded_@NAME@_end[];
namespace tidemill::embedded {
std::string_view @NAME@() {
  return {tidemill_embedded_@NAME@_begin, static_cast<std::size_t>(tidemill_embedded_@NAME@_end - tidemill_embedded_@NAME@_begin)};
}
}
]])
  file(CONFIGURE OUTPUT ${assembly} @ONLY CONTENT [[
  .section .rodata
  .global tidemill_embedded_@NAME@_begin
  .global tidemill_embedded_@NAME@_end
  .balign 16
tidemill_embedded_@NAME@_begin:
  .incbin "@FILE@"
tidemill_embedded_@NAME@_end:
  .byte 0
  .section .note.GNU-stack,"",@progbits
]])
  set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${FILE})
  target_sources(${TARGET} PRIVATE ${source} ${assembly})
  target_include_directories(${TARGET} PRIVATE ${folder})
endfunction()
