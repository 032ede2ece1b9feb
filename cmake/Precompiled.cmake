# The headers that most sources read, parsed once a preset instead of once a source: on two cores that is a quarter of a
# build from empty. A source still includes what it uses; ./dev check compiles every header alone, without these.
set(standard <algorithm> <array> <bit> <charconv> <chrono> <cmath> <cstdint> <cstring> <filesystem> <functional> <map>
    <memory> <optional> <set> <span> <stop_token> <string> <string_view> <unordered_map> <utility> <variant> <vector>
    <fmt/format.h> <tl/expected.hpp>)

file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cc "")
add_library(tidemill_precompiled STATIC ${CMAKE_CURRENT_BINARY_DIR}/empty.cc)
target_link_libraries(tidemill_precompiled PRIVATE fmt::fmt tl::expected tidemill_warnings)
target_precompile_headers(tidemill_precompiled PRIVATE ${standard})

# HOT modules of the sanitized build are optimized, and a compiler takes no headers that were parsed for another level.
if(TIDEMILL_SANITIZE)
  add_library(tidemill_precompiled_hot STATIC ${CMAKE_CURRENT_BINARY_DIR}/empty.cc)
  target_link_libraries(tidemill_precompiled_hot PRIVATE fmt::fmt tl::expected tidemill_warnings)
  target_compile_options(tidemill_precompiled_hot PRIVATE -O1)
  target_precompile_headers(tidemill_precompiled_hot PRIVATE ${standard})
endif()

if(TIDEMILL_TESTS)
  # A program, because programs are compiled with -fPIE and libraries with -fPIC, and the compiler compares.
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty_main.cc "int main() {}\n")
  add_executable(tidemill_precompiled_tests ${CMAKE_CURRENT_BINARY_DIR}/empty_main.cc)
  target_link_libraries(tidemill_precompiled_tests PRIVATE fmt::fmt tl::expected tidemill_warnings GTest::gmock)
  target_precompile_headers(tidemill_precompiled_tests PRIVATE ${standard} <gmock/gmock.h> <gtest/gtest.h>)
endif()
