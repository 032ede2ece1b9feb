// SPDX-License-Identifier: Apache-2.0
#include "host_lookup.h"

#include <algorithm>
#include <cstring>
#include <list>
#include <memory>
#include <mutex>

#include <netdb.h>

namespace tidemill::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long a stop may go unnoticed while the system asks for a name.
constexpr milliseconds kLook{50};

addrinfo Hints(int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  return hints;
}

std::vector<HostAddress> AddressesOf(const addrinfo* found) {
  std::vector<HostAddress> addresses;
  for (; found != nullptr; found = found->ai_next) {
    HostAddress address{.size = found->ai_addrlen};
    if (address.size > sizeof(address.address)) continue;
    std::memcpy(&address.address, found->ai_addr, address.size);
    addresses.push_back(address);
  }
  return addresses;
}

// A question to the system that runs on a thread of its own; all that it reads and writes must stay where it is.
struct Question {
  std::string host, port;
  addrinfo hints = Hints(AI_ADDRCONFIG);
  gaicb request = {};
  Question(std::string name, std::string service) : host(std::move(name)), port(std::move(service)) {
    request.ar_name = host.c_str();
    request.ar_service = port.c_str();
    request.ar_request = &hints;
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() {
    if (request.ar_result != nullptr) ::freeaddrinfo(request.ar_result);
  }
};

// What cannot be called off any more stays until the process ends: the system writes into it when it knows.
void Abandon(std::unique_ptr<Question> question) {
  static std::mutex mutex;
  static auto* const left = new std::list<std::unique_ptr<Question>>;
  if (::gai_cancel(&question->request) == EAI_CANCELED) return;
  const std::lock_guard lock(mutex);
  left->push_back(std::move(question));
}

timespec ToTimespec(milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
}

Lookup Ask(const std::string& host, const std::string& port, SteadyTime until, const std::function<bool()>& stopped) {
  auto question = std::make_unique<Question>(host, port);
  gaicb* request = &question->request;
  if (::getaddrinfo_a(GAI_NOWAIT, &request, 1, nullptr) != 0) return {.outcome = Lookup::Outcome::kUnknown};
  while (::gai_error(request) == EAI_INPROGRESS) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    const bool stop = stopped();
    if (stop || left <= milliseconds(0)) {
      Abandon(std::move(question));
      return {.outcome = stop ? Lookup::Outcome::kStopped : Lookup::Outcome::kTimedOut};
    }
    const timespec wait = ToTimespec(std::min(kLook, left));
    const gaicb* const list = request;
    ::gai_suspend(&list, 1, &wait);
  }
  if (::gai_error(request) != 0) return {.outcome = Lookup::Outcome::kUnknown};
  return {.addresses = AddressesOf(request->ar_result)};
}

}  // namespace

Lookup LookUpHost(std::string host, const std::string& port, SteadyTime until, const std::function<bool()>& stopped) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const addrinfo hints = Hints(AI_NUMERICHOST | AI_NUMERICSERV);
  addrinfo* numbers = nullptr;
  Lookup lookup;
  if (::getaddrinfo(host.c_str(), port.c_str(), &hints, &numbers) == 0) {
    lookup.addresses = AddressesOf(numbers);
    ::freeaddrinfo(numbers);
  } else {
    lookup = Ask(host, port, until, stopped);
  }
  if (lookup.outcome == Lookup::Outcome::kFound && lookup.addresses.empty()) lookup.outcome = Lookup::Outcome::kUnknown;
  return lookup;
}

}  // namespace tidemill::http
