// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/file_owner.h"

#include <utility>

namespace tidemill::http {
namespace {

struct KeepsFile {
  int descriptor;
  std::shared_ptr<const void> keeps;
  void operator()(const void* /*bytes*/) const {}
};

}  // namespace

std::shared_ptr<const void> OwnsFile(int descriptor, std::shared_ptr<const void> keeps) {
  const void* bytes = keeps.get();
  return {bytes, KeepsFile{descriptor, std::move(keeps)}};
}

int FileOf(const std::shared_ptr<const void>& owner) {
  const auto* keeper = std::get_deleter<KeepsFile>(owner);
  return keeper == nullptr ? -1 : keeper->descriptor;
}

}  // namespace tidemill::http
