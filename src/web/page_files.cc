// SPDX-License-Identifier: Apache-2.0
#include "page_files.h"

#define PAGE_LIST "page_list.inc"
#include "page_table.inc"

namespace tidemill::web {

std::span<const PageFile> PageFiles() {
  return kFiles;
}

}  // namespace tidemill::web
