// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

// Backfills: a deployment's runs for past dates or for editions, a few at once. A slot that has a run, made by its
// schedule or by another backfill, gets no second one.
namespace tidemill::orchestrator {

// POST deployments/{id}/backfill; with "dry_run" it only tells the slots.
Outcome<Answer> CreateBackfill(Call& call);
Outcome<Answer> ListBackfills(Call& call);  // of a deployment
Outcome<Answer> GetBackfill(Call& call);
// Makes no more runs; those that are there stay.
Outcome<Answer> DeleteBackfill(Call& call);

}  // namespace tidemill::orchestrator
