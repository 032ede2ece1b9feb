# Tidemill::Arrow: Arrow and Parquet C++. The system's package where a fitting one is found, else the headers and libraries
# of the pyarrow wheel that ./dev unpacked into build/deps/arrow (pinned by hash in cmake/arrow-wheel.txt).
set(TIDEMILL_ARROW_MINIMUM 21)
set(TIDEMILL_ARROW_WHEEL "${PROJECT_SOURCE_DIR}/build/deps/arrow" CACHE PATH "pyarrow wheel, unpacked")
add_library(tidemill_arrow INTERFACE)
add_library(Tidemill::Arrow ALIAS tidemill_arrow)

find_package(Arrow ${TIDEMILL_ARROW_MINIMUM} CONFIG QUIET)
if(Arrow_FOUND)
  find_package(Parquet ${TIDEMILL_ARROW_MINIMUM} CONFIG QUIET)
endif()
if(Arrow_FOUND AND Parquet_FOUND)
  message(STATUS "Arrow ${Arrow_VERSION} of the system")
  target_link_libraries(tidemill_arrow INTERFACE Arrow::arrow_shared Parquet::parquet_shared)
else()
  file(GLOB arrow_library "${TIDEMILL_ARROW_WHEEL}/pyarrow/libarrow.so.*")
  file(GLOB parquet_library "${TIDEMILL_ARROW_WHEEL}/pyarrow/libparquet.so.*")
  if(NOT arrow_library OR NOT parquet_library)
    message(FATAL_ERROR "no Arrow ${TIDEMILL_ARROW_MINIMUM} or newer on this system and no wheel in ${TIDEMILL_ARROW_WHEEL}: run ./dev setup")
  endif()
  message(STATUS "Arrow from the wheel: ${arrow_library}")
  # The wheel's libparquet exports the OpenSSL that is built into it. The system's must come before it in every program, or
  # curl and TLS run on a mixture of two versions; a test of the module dataset asks where the symbols come from.
  # An option, because options stand in front of all libraries whatever order those are put in.
  # A program that opens Arrow only when it needs it (TIDEMILL_OPENS_ARROW) leaves that to the library which it opens.
  find_package(OpenSSL REQUIRED)
  target_link_options(tidemill_arrow INTERFACE
    "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:TIDEMILL_OPENS_ARROW>>>:SHELL:-Wl,--push-state,--no-as-needed ${OPENSSL_CRYPTO_LIBRARY} -Wl,--pop-state>")
  foreach(library arrow parquet)
    add_library(tidemill_arrow_${library} SHARED IMPORTED GLOBAL)
    set_target_properties(tidemill_arrow_${library} PROPERTIES
      IMPORTED_LOCATION "${${library}_library}"
      INTERFACE_INCLUDE_DIRECTORIES "${TIDEMILL_ARROW_WHEEL}/pyarrow/include")
    target_link_libraries(tidemill_arrow INTERFACE tidemill_arrow_${library})
    install(FILES "${${library}_library}" DESTINATION lib)
  endforeach()
endif()
