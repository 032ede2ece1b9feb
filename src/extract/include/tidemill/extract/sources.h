// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/http/client.h"

namespace tidemill::extract {

// One address under which some bytes were seen. Kept in STORE/_sources/<sha256>.json beside the bytes.
struct Sighting {
  std::string url = {};      // without secrets (http::UrlToKeep); to be asked for, as it is
  std::string page = {};     // the page that linked to it; empty for a direct address
  std::string text = {};     // of the link
  std::string heading = {};  // above the link
  std::string recipe = {};   // the recipe's name
  std::string etag = {};
  std::string last_modified = {};
  base::Time first_seen = {};
  base::Time last_seen = {};  // the last time the server said that these are the bytes at that address (200 or
                              // 304), to the hour
};

struct Source {
  std::string sha256;
  std::string extension = {};  // "xls": lower case; see FetchOptions::extension_of
  std::uint64_t bytes = 0;
  std::vector<Sighting> sightings = {};
};

// The kept bytes of a store: STORE/_sources/<sha256>.<ext> and <sha256>.json. Content-addressed: the same bytes are
// kept once. Sightings of one address, page and recipe are one. Not thread-safe.
class SourceStore {
 public:
  // Reads what is there; a source whose bytes are gone is left out. `store` must outlive this.
  static base::Result<SourceStore> Open(base::FileStore& store);

  const std::vector<Source>& sources() const { return sources_; }
  // The newest sighting of an address, with its source; nothing where the address was never fetched. Good until the
  // next Keep or Touch.
  struct Held {
    const Source* source = nullptr;
    const Sighting* sighting = nullptr;
  };
  std::optional<Held> FindByUrl(std::string_view url) const;
  // Keeps bytes (written once) and the sighting (added, or brought up to date; its first time stays). `extension` is up
  // to 8 small letters and digits; bytes that are held already keep the one they have.
  base::Result<Source> Keep(std::string_view bytes, std::string_view extension, const Sighting& sighting);
  // Notes that the server said "not modified". That a sighting was seen again and nothing else is written once an hour.
  base::Status Touch(const std::string& sha256, const Sighting& sighting);
  // kMalformed where the bytes no longer have their SHA-256.
  base::Result<std::string> ReadBytes(const Source& source) const;

 private:
  explicit SourceStore(base::FileStore& store) : store_(&store) {}
  Source* FindBySha256(std::string_view sha256);
  base::Status Update(Source& held, const Sighting& sighting);

  base::FileStore* store_;
  std::vector<Source> sources_;
};

enum class FetchOutcome {
  kNew,         // an address that was not held
  kChanged,     // other bytes under an address that was held
  kSame,        // sent again, the same bytes
  kNotModified  // the server said so
};
std::string_view ToText(FetchOutcome outcome);

struct Fetched {
  Source source;
  Sighting sighting;
  FetchOutcome outcome = FetchOutcome::kNew;
};

// What one request needs beside its address.
struct FetchOptions {
  bool force = false;  // ask unconditionally
  std::uint64_t most_bytes = std::uint64_t{256} << 20U;
  std::chrono::milliseconds timeout{120'000};
  // Why these bytes are no workbook (in words that follow "is no workbook: "); nothing where they are one. Without it
  // everything is kept. This module knows no workbooks.
  std::function<std::optional<std::string>(std::string_view bytes)> refuse = {};
  // Names the extension by the content, where neither the address nor Content-Disposition ends in one that is known
  // (xls, xlsx, xlsm, xlsb, ods, csv, tsv, txt, zip). Without it "bin".
  std::function<std::string(std::string_view bytes)> extension_of = {};
};

// One polite request: conditional where the address is held, 200 and a workbook by content, else an error that says
// what came instead. `wanted` says where the address was found; its times and validators are set here. Codes: kNotFound
// (404, 410), kUnavailable and kTimeOut (may be retried; `retry_after` is set from the server's Retry-After),
// kForbidden (other 4xx), kUnsupported (no workbook), kTooLarge.
base::Result<Fetched> Fetch(http::HttpClient& client, SourceStore& sources, const base::Clock& clock,
                            const Sighting& wanted, const FetchOptions& options, std::stop_token stop,
                            std::optional<std::chrono::seconds>* retry_after = nullptr);

// A page's HTML: conditional against the copy that is kept in STORE/_sources/_pages/, so an unchanged page costs a 304.
// Offline, the kept copy is returned, and kNotFound where there is none. Other errors as for Fetch; kUnsupported where
// the server says that it is no text.
struct FetchedPage {
  std::string html;
  std::string url;  // after redirects
  bool not_modified = false;
};
base::Result<FetchedPage> FetchPage(http::HttpClient& client, base::FileStore& store, const base::Clock& clock,
                                    std::string_view url, bool offline, const FetchOptions& options,
                                    std::stop_token stop, std::optional<std::chrono::seconds>* retry_after = nullptr);

}  // namespace tidemill::extract
