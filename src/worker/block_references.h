// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/prefect/client.h"

namespace tidemill::worker {

// Puts the data of saved blocks, secrets with them, where `variables` name one: as {"$ref": {"block_document_id": ID}},
// or as the text "{{ prefect.blocks.TYPE.NAME }}", with a field behind it where only that is wanted.
base::Status ResolveBlocks(const prefect::Client& client, prefect::json::object& variables,
                           const prefect::AskOptions& ask);

}  // namespace tidemill::worker
