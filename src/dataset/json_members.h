// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "tidemill/base/result.h"

// Members of JSON objects that somebody else wrote: a member that is absent or of another type is the default.
namespace tidemill::dataset {

// Errors: kMalformed with what the text is and where it breaks.
base::Result<boost::json::value> ParseJson(std::string_view text, std::string_view place);

const boost::json::object* ObjectMember(const boost::json::object& object, std::string_view name);
const boost::json::array* ArrayMember(const boost::json::object& object, std::string_view name);
std::optional<std::string> TextMember(const boost::json::object& object, std::string_view name);
std::string TextOr(const boost::json::object& object, std::string_view name, std::string_view otherwise = {});
std::int64_t IntOr(const boost::json::object& object, std::string_view name, std::int64_t otherwise);
bool BoolOr(const boost::json::object& object, std::string_view name, bool otherwise);
// A member that is an object, as texts: members of other types by their JSON text, nulls left out.
std::map<std::string, std::string> TextsMember(const boost::json::object& object, std::string_view name);
// The texts of an array, others left out.
std::vector<std::string> TextListMember(const boost::json::object& object, std::string_view name);

boost::json::object ToJson(const std::map<std::string, std::string>& texts);
boost::json::array ToJson(const std::vector<std::string>& texts);

}  // namespace tidemill::dataset
