// SPDX-License-Identifier: Apache-2.0
#include "tables_library.h"

#include <cstdlib>

#include <dlfcn.h>

namespace tidemill::app {

base::Result<const TablesLibrary*> OpenTablesLibrary() {
  // Arrow's own allocator asks for huge pages and clears them: a fifth of a short run's time. Read once, when Arrow
  // starts.
  ::setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0);
  void* library = ::dlopen("libtidemill_tables.so", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return base::Fail(base::ErrorCode::kInternal, "cannot open a part of the program: {}", ::dlerror());
  }
  void* symbol = ::dlsym(library, "tidemill_tables_library");
  if (symbol == nullptr) {
    return base::Fail(base::ErrorCode::kInternal, "libtidemill_tables.so is not this program's: {}", ::dlerror());
  }
  return reinterpret_cast<const TablesLibrary* (*)()>(symbol)();
}

}  // namespace tidemill::app
