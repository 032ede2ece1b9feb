// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/http/client.h"

#include "client_library.h"

namespace tidemill::http {

// A transfer handle and the connections it keeps alive. Used by one thread at a time.
class CurlSession {
 public:
  explicit CurlSession(const CurlLibrary& curl);
  CurlSession(const CurlSession&) = delete;
  CurlSession& operator=(const CurlSession&) = delete;
  ~CurlSession();

  bool usable() const { return easy_ != nullptr && multi_ != nullptr; }
  base::Result<ClientResponse> Send(const ClientRequest& request, const std::string& user_agent, std::stop_token stop);

 private:
  // Where the certificates that are trusted are read from: where SSL_CERT_FILE and SSL_CERT_DIR say, else the system's
  // folder. That has the same ones as its bundle, and is asked for the one that is needed only: reading the whole
  // bundle costs 23 ms at the first https connection.
  enum class Trust { kNamed, kFolder, kBundle };

  void SetTrust();
  bool MayTryBundle(CURLcode code, const ClientRequest& request);
  CURLcode Perform(std::stop_token stop);

  Trust trust_;
  const CurlLibrary& curl_;
  CURL* easy_;
  CURLM* multi_;
};

// http and https. Every request that runs at the same time has a session of its own; idle ones are kept.
class CurlClient {
 public:
  explicit CurlClient(std::string user_agent) : user_agent_(std::move(user_agent)) {}
  base::Result<ClientResponse> Send(const ClientRequest& request, std::stop_token stop);

 private:
  base::Result<std::unique_ptr<CurlSession>> TakeSession();
  void GiveBack(std::unique_ptr<CurlSession> session);

  const std::string user_agent_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<CurlSession>> idle_;  // guarded by mutex_
};

}  // namespace tidemill::http
