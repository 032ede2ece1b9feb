// SPDX-License-Identifier: Apache-2.0
#include "page_files.h"

#define PAGE_LIST "server_page_list.inc"
#include "page_table.inc"

namespace tidemill::web {

std::span<const PageFile> ServerPageFiles() {
  return kFiles;
}

}  // namespace tidemill::web
