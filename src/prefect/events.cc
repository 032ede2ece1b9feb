// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/events.h"

#include "tidemill/base/instant.h"
#include "tidemill/base/seal.h"
#include "tidemill/base/uuid.h"

namespace tidemill::prefect {
namespace {

// Also where the cryptographic library has none to give: an id that is only unlikely to be another's.
std::string NewEventId(base::Time now) {
  base::RandomBits bits;
  for (const char byte : base::SecureRandom(16)) {
    bits.high = (bits.high << 8U) | (bits.low >> 56U);
    bits.low = (bits.low << 8U) | static_cast<unsigned char>(byte);
  }
  return base::UuidV7(now, bits);
}

}  // namespace

base::Status PostEvent(const Client& client, const EventFacts& facts, const AskOptions& options) {
  const base::Time now = client.clock().Now();
  const json::array events{json::object{{"id", NewEventId(now)},
                                        {"event", facts.name},
                                        {"occurred", base::InstantText(now)},
                                        {"resource", json::object{{"prefect.resource.id", facts.resource_id},
                                                                  {"prefect.resource.name", facts.resource_name}}},
                                        {"related", facts.related},
                                        {"payload", facts.payload}}};
  const auto answer = client.Post("/events", events, options);
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

}  // namespace tidemill::prefect
