// SPDX-License-Identifier: Apache-2.0
#include "encoded_answer.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "tidemill/http/awaited_pieces.h"
#include "tidemill/http/content_coding.h"
#include "tidemill/http/negotiate.h"

#include "etag.h"
#include "problem.h"

namespace tidemill::data_api {
namespace {

constexpr std::size_t kLeastBytes = 1024;

std::string* HeaderIn(http::Response& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& header) { return header.first == name; });
  return found == response.headers.end() ? nullptr : &found->second;
}

bool HasRanges(http::Response& response) {
  const std::string* ranges = HeaderIn(response, "Accept-Ranges");
  return ranges != nullptr && *ranges != "none";
}

// A 304 names the copy that the client has.
void NameTheCopy(const http::Request& request, http::Response& response) {
  std::string* etag = HeaderIn(response, "ETag");
  if (etag == nullptr) return;
  const std::string tag = MatchingTag(http::FieldList(request, "If-None-Match"), *etag);
  if (!tag.empty() && tag != "*") *etag = tag;
}

// Pieces go through the encoder; one that gives nothing yet is no end, so the next is made at once.
void EncodePieces(http::Response& response, http::Coding coding) {
  auto encoder = std::make_shared<http::BodyEncoder>(coding);
  response.next_piece = [encoder, next = std::move(response.next_piece),
                         ended = false]() mutable -> base::Result<std::string> {
    while (!ended) {
      TIDEMILL_ASSIGN(const std::string piece, next());
      ended = piece.empty();
      std::string encoded = encoder->Encode(piece, ended);
      if (!encoded.empty()) return encoded;
    }
    return std::string();
  };
}

void EncodeBody(http::Response& response, http::Coding coding) {
  http::BodyEncoder encoder(coding);
  response.body = encoder.Encode(response.body.empty() ? response.shared.bytes : response.body, true);
  response.shared = {};
}

http::Response NotAcceptable(const http::Request& request, std::string_view field) {
  return ToResponse(
      {"not-acceptable",
       fmt::format("Accept-Encoding {} takes no coding that this answer can have; expected identity, gzip "
                   "or zstd",
                   base::Quoted(field)),
       {{"available", R"(["identity","gzip","zstd"])"}}},
      request.target);
}

}  // namespace

http::Response EncodeAnswer(const http::Request& request, http::Response response) {
  if (response.status == 304) NameTheCopy(request, response);
  // A coding would hold back what a client waits for.
  if (response.status != 200 || HasRanges(response) || response.next_piece.target<http::AwaitedPieces>() != nullptr) {
    return response;
  }
  const std::string field = http::FieldList(request, "Accept-Encoding");
  if (field.empty()) return response;
  const auto choice = http::ChooseCoding(field);
  if (!choice) return NotAcceptable(request, field);
  const std::size_t size = response.body.empty() ? response.shared.bytes.size() : response.body.size();
  const bool worth_it = response.next_piece || size >= kLeastBytes || !choice->identity_allowed;
  if (choice->coding == http::Coding::kIdentity || !worth_it) return response;
  if (response.next_piece) {
    EncodePieces(response, choice->coding);
  } else {
    EncodeBody(response, choice->coding);
  }
  response.headers.emplace_back("Content-Encoding", http::NameOf(choice->coding));
  if (std::string* etag = HeaderIn(response, "ETag")) *etag = WithCoding(*etag, choice->coding);
  return response;
}

bool IsSentAsItIs(std::string_view accept_encoding, std::size_t body_bytes) {
  if (accept_encoding.empty()) return true;
  // Of a small body only a client that refuses identity gets another coding, which takes a weight of 0.
  return body_bytes < kLeastBytes && accept_encoding.find("=0") == std::string_view::npos &&
         accept_encoding.find("= 0") == std::string_view::npos;
}

}  // namespace tidemill::data_api
