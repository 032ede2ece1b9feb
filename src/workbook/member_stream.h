// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "bytes.h"
#include "inflate.h"
#include "sliding_buffer.h"

namespace tidemill::workbook {

// What a member of a zip archive says of itself, as far as its bytes are judged by it.
struct MemberFacts {
  std::string name;
  std::uint32_t crc = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t offset = 0;
};
// kTooLarge where a member inflates, or says that it inflates, to too many bytes.
base::Status CheckInflatedSize(const MemberFacts& facts, std::uint64_t size, const Limits& limits);

// A text that is read in pieces: a member of a zip archive, with the same limits and checks as the whole, or memory.
class MemberStream {
 public:
  static MemberStream Inflate(std::string_view compressed, MemberFacts facts, const Limits& limits);
  static MemberStream Stored(std::string_view bytes, MemberFacts facts, const Limits& limits);
  // Bytes in memory, in pieces of `piece` bytes, at most SlidingBuffer::kPiece; `issues` are those of their reading.
  static MemberStream Of(Buffer bytes, std::vector<Issue> issues = {}, std::size_t piece = SlidingBuffer::kPiece);

  // A place that reading can begin from once more.
  struct Place {
    std::uint64_t offset = 0;
    std::shared_ptr<const Inflater> inflater;  // else the bytes as they are
    std::string_view stored;                   // from the offset on
  };
  // The first reading has checked the limits and the checksum of the bytes; this one does not again.
  static MemberStream From(const Place& place);

  // Keeps places from here on: one a MiB, further apart as they become many (60 KiB each, 15 MiB for a GiB).
  void KeepPlaces();
  // The places kept, by rising offset; the first one is where KeepPlaces was called.
  const std::vector<Place>& places() const { return places_; }

  // The last `keep` bytes of the view before, followed by new ones; no new ones at the end. Good until the next call.
  // 64 bytes behind it may be read and are zero. Errors: kTooLarge for a limit, kMalformed for what cannot be inflated;
  // what was inflated before is given first.
  base::Result<std::string_view> Next(std::size_t keep = 0);
  // The first view, which the first call of Next will give again.
  base::Result<std::string_view> Peek();
  // After an error: the bytes that were to be kept.
  std::string_view kept() const { return kept_; }
  // What was odd; the checksum is known at the end.
  const std::vector<Issue>& issues() const { return issues_; }

 private:
  MemberStream(MemberFacts facts, const Limits& limits) : facts_(std::move(facts)), limits_(limits) {}
  std::string_view NextView(std::size_t keep);
  std::string_view NextStored(std::size_t keep);
  base::Status Account(std::string_view fresh);
  void CheckSum();
  void KeepPlace();

  MemberFacts facts_;
  Limits limits_;
  std::unique_ptr<Inflater> inflater_;  // else stored
  Buffer stored_;
  std::size_t stored_at_ = 0;
  std::size_t piece_ = SlidingBuffer::kPiece;
  SlidingBuffer buffer_;
  std::optional<std::string_view> peeked_;
  std::string_view kept_;
  bool has_checksum_ = true;
  bool ended_ = false;
  std::uint32_t crc_ = 0;
  std::uint64_t total_ = 0;
  std::vector<Issue> issues_;
  bool keeps_places_ = false;
  std::vector<Place> places_;
};

}  // namespace tidemill::workbook
