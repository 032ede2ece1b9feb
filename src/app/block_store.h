// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/file_store.h"

namespace tidemill::app {

// Whether a store is one that a block of the orchestration server names: "block:gcs-bucket/etlapi-bucket".
bool IsBlockStore(std::string_view url);

// Asks the server of PREFECT_API_URL for the block, with its secrets, and opens what it names: a gcs-bucket with its
// credentials, or a local-file-system. The secrets stay in memory.
base::Result<std::unique_ptr<base::FileStore>> OpenBlockStore(const std::string& url, std::stop_token stop);

}  // namespace tidemill::app
