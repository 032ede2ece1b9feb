// SPDX-License-Identifier: Apache-2.0
#define PAGE_LIST "page_list.inc"
#include "page_bytes.inc"
