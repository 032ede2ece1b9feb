// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "problem.h"

// A type of error for people: what its URL shows in a browser.
namespace tidemill::data_api {

std::string ToText(const ProblemType& type);
// A page with the styles of the others (/assets/style.css).
std::string ToHtml(const ProblemType& type);

}  // namespace tidemill::data_api
