// SPDX-License-Identifier: Apache-2.0
#include "change_feed.h"

#include <utility>

namespace tidemill::data_api {
namespace {

constexpr std::size_t kMostKept = 1'000;
constexpr std::size_t kMostWaiting = 1'000;
constexpr std::string_view kComment = ":\n\n";

}  // namespace

std::uint64_t ChangeFeed::position() const {
  const std::lock_guard lock(mutex_);
  return first_ + said_.size();
}

bool ChangeFeed::HasRoom() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size() < kMostWaiting;
}

std::string ChangeFeed::TakeNew(Reader& reader) const {
  std::string text;
  for (std::size_t i = reader.position - first_; i < said_.size(); ++i) {
    if (reader.dataset.empty() || reader.dataset == said_[i].dataset) text += said_[i].text;
  }
  reader.position = first_ + said_.size();
  return text;
}

// `piece_of` is asked under the lock, and an empty piece leaves the reader waiting.
void ChangeFeed::Deliver(const std::function<std::string(Waiting&)>& piece_of) {
  std::vector<std::pair<Ready, std::string>> pieces;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      std::string piece = piece_of(*at);
      if (piece.empty()) {
        ++at;
        continue;
      }
      pieces.emplace_back(std::move(at->ready), std::move(piece));
      at = waiting_.erase(at);
    }
  }
  for (auto& [ready, piece] : pieces) ready(std::move(piece));
}

void ChangeFeed::Say(const std::string& dataset, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    said_.push_back({dataset, std::move(text)});
  }
  // Those who wait have had all that was said before, so nothing is dropped that they have not.
  Deliver([this](Waiting& waiting) { return TakeNew(*waiting.reader); });
  const std::lock_guard lock(mutex_);
  for (; said_.size() > kMostKept; ++first_) said_.pop_front();
}

void ChangeFeed::Wait(std::shared_ptr<Reader> reader, Ready ready) {
  std::string piece;
  {
    const std::lock_guard lock(mutex_);
    const bool lost = reader->position < first_;
    if (!ended_ && !lost) piece = TakeNew(*reader);
    if (!ended_ && !lost && piece.empty()) {
      waiting_.push_back({std::move(reader), std::move(ready), clock_.Now()});
      return;
    }
  }
  ready(std::move(piece));
}

void ChangeFeed::Beat() {
  const base::Time now = clock_.Now();
  Deliver(
      [&](const Waiting& waiting) { return now < waiting.since + heartbeat_ ? std::string() : std::string(kComment); });
}

void ChangeFeed::End() {
  std::list<Waiting> all;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    all.swap(waiting_);
  }
  for (Waiting& waiting : all) waiting.ready(std::string());
}

}  // namespace tidemill::data_api
