// SPDX-License-Identifier: Apache-2.0
#define PAGE_LIST "server_page_list.inc"
#include "page_bytes.inc"
