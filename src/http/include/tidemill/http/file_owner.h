// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace tidemill::http {

// As the owner of a body (SharedBytes, Prepared): a file holds the same bytes from its beginning, so the socket takes
// them from there and nobody copies them. `keeps` keeps both the bytes and the descriptor.
std::shared_ptr<const void> OwnsFile(int descriptor, std::shared_ptr<const void> keeps);
// The descriptor; -1 for an owner that was not made by OwnsFile.
int FileOf(const std::shared_ptr<const void>& owner);

}  // namespace tidemill::http
