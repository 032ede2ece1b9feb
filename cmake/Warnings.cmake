# What a clean example passes under GCC 12 is an error here. Not -Wnull-dereference: it raises false alarms there.
add_library(tidemill_warnings INTERFACE)
target_compile_options(tidemill_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Woverloaded-virtual -Wimplicit-fallthrough -Wextra-semi -Wformat=2
  # Designated initializers exist to name some members and leave the others at their defaults.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tidemill_warnings INTERFACE
    -Wduplicated-cond -Wlogical-op -Wuseless-cast -Wsuggest-override
    # GCC 12 sees overlaps in std::string::operator+ that are none (GCC bug 105651).
    -Wno-restrict)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # The stable sort of libstdc++ 12 uses what it deprecates itself; clang 19 says so of who calls it.
  target_compile_options(tidemill_warnings INTERFACE -Wno-deprecated-declarations)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC takes the sources of a unity build for headers, where a private type in a member would be an error.
  target_compile_options(tidemill_warnings INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
endif()
if(TIDEMILL_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # -Wmaybe-uninitialized is not dependable when sanitizers change the code.
  target_compile_options(tidemill_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
