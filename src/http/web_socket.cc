// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/web_socket.h"

#include <utility>

#include "tidemill/base/text.h"

#include "web_socket_frames.h"

namespace tidemill::http {
namespace {

bool ListHas(std::string_view list, std::string_view word) {
  for (const std::string_view part : base::Split(list, ',')) {
    if (base::Lower(base::Trim(part)) == word) return true;
  }
  return false;
}

}  // namespace

bool AsksForWebSocket(const Request& request) {
  constexpr std::size_t kKeyDigits = 24;  // 16 bytes in base 64
  return request.method == "GET" && ListHas(FieldList(request, "Upgrade"), "websocket") &&
         ListHas(FieldList(request, "Connection"), "upgrade") && FieldValue(request, "Sec-WebSocket-Version") == "13" &&
         FieldValue(request, "Sec-WebSocket-Key").size() == kKeyDigits;
}

bool OffersSubprotocol(const Request& request, std::string_view name) {
  return ListHas(FieldList(request, "Sec-WebSocket-Protocol"), name);
}

Response OpenWebSocket(const Request& request, std::shared_ptr<WebSocketListener> listener,
                       std::string_view subprotocol) {
  Response response{.status = 101, .headers = {}, .body = {}, .shared = {}};
  response.headers.emplace_back("Upgrade", "websocket");
  response.headers.emplace_back("Sec-WebSocket-Accept", AcceptOf(FieldValue(request, "Sec-WebSocket-Key")));
  if (!subprotocol.empty()) response.headers.emplace_back("Sec-WebSocket-Protocol", subprotocol);
  response.web_socket = std::move(listener);
  return response;
}

}  // namespace tidemill::http
