// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

// What a client would have, of what there is (RFC 9110 12.4 and 12.5).
namespace tidemill::http {

enum class Coding { kIdentity, kGzip, kZstd };
std::string_view NameOf(Coding coding);  // "gzip"

struct CodingChoice {
  Coding coding = Coding::kIdentity;  // the best that was asked for; of equals zstd, then gzip
  bool identity_allowed = true;       // false after "identity;q=0" or "*;q=0"
};
// By Accept-Encoding. Nothing where the client takes none that we have. An empty list asks for no coding.
std::optional<CodingChoice> ChooseCoding(std::string_view accept_encoding);

// The place of the best media type in `available` ("text/csv"; parameters do not count), of equals the one that is
// named most closely, then the first; 0 without an Accept and for "*/*". Nothing where none is accepted.
std::optional<std::size_t> ChooseMediaType(std::string_view accept, std::span<const std::string_view> available);

}  // namespace tidemill::http
