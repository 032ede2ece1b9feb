// SPDX-License-Identifier: Apache-2.0
#include "tables_library.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include <dlfcn.h>

namespace tidemill::app {
namespace {

// In lib/ beside the program's own folder, wherever both were moved.
std::string FileOfLibrary() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path name = "libtidemill_tables.so";
  return error ? name.string() : (program.parent_path().parent_path() / "lib" / name).string();
}

}  // namespace

base::Result<const TablesLibrary*> OpenTablesLibrary() {
  // Arrow's own allocator asks for huge pages and clears them: a fifth of a short run's time. Read once, when Arrow
  // starts.
  ::setenv("ARROW_DEFAULT_MEMORY_POOL", "system", 0);
  void* library = ::dlopen(FileOfLibrary().c_str(), RTLD_LAZY | RTLD_LOCAL);
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
