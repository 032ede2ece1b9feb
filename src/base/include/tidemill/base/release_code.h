// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tidemill::base {

// Lets go of the pages that hold code and constants of the program and its libraries: what only starting or loading
// used stays in the kernel's file cache, where others can use it or have its place. What is needed again comes back by
// itself, a few pages at a time and without a read where the cache still has it.
void ReleaseCode();

}  // namespace tidemill::base
