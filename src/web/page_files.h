// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace tidemill::web {

// A file that is part of the program.
struct PageFile {
  std::string_view path;  // "/docs/swagger-ui.css"
  std::string_view type;
  std::string_view gzip;  // its bytes, packed
};
std::span<const PageFile> PageFiles();        // of the data API
std::span<const PageFile> ServerPageFiles();  // of the orchestration server

}  // namespace tidemill::web
