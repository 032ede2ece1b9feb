// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "tidemill/base/result.h"

// Objects that Google's APIs answer with: a member that is absent or of another type is the default.
namespace tidemill::cloud {

// kMalformed where the text is no JSON object; the message holds nothing of the text, which may be a key.
base::Result<boost::json::object> ParseObject(std::string_view text, const std::string& place);

std::string Text(const boost::json::object& object, std::string_view name);
// Of a number, or of a text that is one: 64-bit numbers come as texts.
std::int64_t Number(const boost::json::object& object, std::string_view name, std::int64_t otherwise = 0);
bool Flag(const boost::json::object& object, std::string_view name);
const boost::json::object& Object(const boost::json::object& object, std::string_view name);
const boost::json::array& Array(const boost::json::object& object, std::string_view name);

}  // namespace tidemill::cloud
