// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/result.h"
#include "tidemill/recipe/recipe.h"

namespace tidemill::transform {

// kUnsupported, naming the key, where a recipe asks for a part of the language that is parsed but not built yet.
// A key that has no effect is worse than one that is refused.
base::Status CheckSupported(const recipe::Spec& spec);

}  // namespace tidemill::transform
