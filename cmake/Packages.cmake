# Libraries from the distribution, each under one name. Which module may use which: docs/architecture.md.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(tl-expected REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(FastFloat REQUIRED)


# Linked into the programs: each shared library is a part of a millisecond at every start. Some of the distribution's
# archives are for programs only, so shared libraries take shared ones.
foreach(library zstd snappy gumbo deflate utf8proc boost_json sqlite3 yaml-cpp)
  find_library(TIDEMILL_${library}_STATIC NAMES lib${library}.a ${library} REQUIRED)
  find_library(TIDEMILL_${library}_SHARED NAMES ${library} REQUIRED)
  add_library(tidemill_with_${library} INTERFACE)
  target_link_libraries(tidemill_with_${library} INTERFACE
    $<IF:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,SHARED_LIBRARY>,${TIDEMILL_${library}_SHARED},${TIDEMILL_${library}_STATIC}>)
  add_library(Tidemill::${library} ALIAS tidemill_with_${library})
endforeach()
target_link_libraries(tidemill_with_boost_json INTERFACE Boost::headers)
