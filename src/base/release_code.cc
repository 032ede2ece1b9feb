// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/release_code.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

namespace tidemill::base {
namespace {

// Only whole pages of segments that nothing ever writes: they equal the file.
int ReleaseObject(dl_phdr_info* object, std::size_t /*size*/, void* page_size) {
  if (std::string_view(object->dlpi_name).find("vdso") != std::string_view::npos) return 0;  // has no file
  const std::uintptr_t page = *static_cast<const std::uintptr_t*>(page_size);
  for (std::size_t i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const std::uintptr_t end = (object->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives addresses as numbers
    if (begin < end) static_cast<void>(::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED));
  }
  return 0;
}

}  // namespace

void ReleaseCode() {
  auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  ::dl_iterate_phdr(&ReleaseObject, &page);
}

}  // namespace tidemill::base
