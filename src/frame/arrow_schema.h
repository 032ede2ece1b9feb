// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/frame/frame.h"

namespace tidemill::frame {

// The frame's Arrow schema as Parquet files hold it under the key "ARROW:schema": an encapsulated IPC message, Base64.
std::string ArrowSchemaText(const Frame& frame);

}  // namespace tidemill::frame
