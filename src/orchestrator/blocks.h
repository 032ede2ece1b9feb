// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

namespace tidemill::orchestrator {

Outcome<Answer> CreateBlockType(Call& call);
Outcome<Answer> GetBlockType(Call& call);
Outcome<Answer> GetBlockTypeBySlug(Call& call);
Outcome<Answer> PatchBlockType(Call& call);
Outcome<Answer> DeleteBlockType(Call& call);
Outcome<Answer> FilterBlockTypes(Call& call);
Outcome<Answer> InstallBlockTypes(Call& call);  // nothing to do: clients register what they use

Outcome<Answer> CreateBlockSchema(Call& call);
Outcome<Answer> GetBlockSchema(Call& call);
Outcome<Answer> GetBlockSchemaByChecksum(Call& call);
Outcome<Answer> DeleteBlockSchema(Call& call);
Outcome<Answer> FilterBlockSchemas(Call& call);
Outcome<Answer> ListBlockCapabilities(Call& call);

Outcome<Answer> CreateBlockDocument(Call& call);
Outcome<Answer> GetBlockDocument(Call& call);
Outcome<Answer> GetBlockDocumentByName(Call& call);
Outcome<Answer> ListBlockDocumentsOfType(Call& call);
Outcome<Answer> PatchBlockDocument(Call& call);
Outcome<Answer> DeleteBlockDocument(Call& call);
Outcome<Answer> FilterBlockDocuments(Call& call);
Outcome<Answer> CountBlockDocuments(Call& call);

// A type's or schema's JSON; empty where there is none.
Outcome<std::string> BlockTypeJson(Call& call, const std::string& id);
Outcome<std::string> BlockSchemaJson(Call& call, const std::string& id);
// What a document holds, secrets and nested blocks too; nothing where there is none.
Outcome<std::optional<boost::json::object>> BlockData(Call& call, const std::string& id);

}  // namespace tidemill::orchestrator
