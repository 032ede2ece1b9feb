// SPDX-License-Identifier: Apache-2.0
#include "member_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <libdeflate.h>

namespace tidemill::workbook {

using base::ErrorCode;
using base::FailAt;

base::Status CheckInflatedSize(const MemberFacts& facts, std::uint64_t size, const Limits& limits) {
  constexpr std::uint64_t kRatioGrace = std::uint64_t{8} << 20U;
  if (size > limits.entry_bytes) {
    return FailAt(ErrorCode::kTooLarge, facts.name, "limit: {} bytes inflated, expected at most {}", size,
                  limits.entry_bytes);
  }
  if (size > kRatioGrace && size / limits.inflate_ratio > facts.compressed_size) {
    return FailAt(ErrorCode::kTooLarge, facts.name, "bomb: {} bytes inflate to {}, expected at most {} for one",
                  facts.compressed_size, size, limits.inflate_ratio);
  }
  return {};
}

MemberStream MemberStream::Inflate(std::string_view compressed, MemberFacts facts, const Limits& limits) {
  MemberStream stream(std::move(facts), limits);
  stream.inflater_ = std::make_unique<Inflater>(compressed);
  return stream;
}

MemberStream MemberStream::Stored(std::string_view bytes, MemberFacts facts, const Limits& limits) {
  MemberStream stream(std::move(facts), limits);
  stream.stored_.view = bytes;
  return stream;
}

MemberStream MemberStream::Of(Buffer bytes, std::vector<Issue> issues, std::size_t piece) {
  MemberStream stream({}, {});
  stream.issues_ = std::move(issues);
  stream.stored_ = std::move(bytes);
  stream.piece_ = std::min(piece, SlidingBuffer::kPiece);  // what a buffer has room for
  stream.has_checksum_ = false;
  return stream;
}

MemberStream MemberStream::From(const Place& place) {
  MemberStream stream({}, {});
  if (place.inflater != nullptr) stream.inflater_ = place.inflater->Fork();
  stream.stored_.view = place.stored;
  stream.has_checksum_ = false;
  return stream;
}

void MemberStream::KeepPlaces() {
  keeps_places_ = true;
  KeepPlace();
}

void MemberStream::KeepPlace() {
  Place place{.offset = inflater_ != nullptr ? inflater_->total() : stored_at_, .inflater = nullptr, .stored = {}};
  if (inflater_ != nullptr) {
    place.inflater = inflater_->Fork();
  } else {
    place.stored = stored_.view.substr(std::min(stored_at_, stored_.view.size()));
  }
  places_.push_back(std::move(place));
}

base::Result<std::string_view> MemberStream::Next(std::size_t keep) {
  if (peeked_) return *std::exchange(peeked_, std::nullopt);
  if (keeps_places_) {
    constexpr std::uint64_t kApart = std::uint64_t{1} << 20U;
    constexpr std::uint64_t kShare = 64;
    const std::uint64_t at = inflater_ != nullptr ? inflater_->total() : stored_at_;
    if (at - places_.back().offset >= std::max(kApart, at / kShare)) KeepPlace();
  }
  const std::string_view view = NextView(keep);
  const std::string_view fresh = view.substr(keep);
  kept_ = view.substr(0, keep);
  TIDEMILL_CHECK(Account(fresh));
  if (fresh.empty() && inflater_ != nullptr && inflater_->state() == Inflater::State::kBroken) {
    return FailAt(ErrorCode::kMalformed, facts_.name, "corrupt-container: the member cannot be inflated behind byte {}",
                  total_);
  }
  return view;
}

base::Result<std::string_view> MemberStream::Peek() {
  TIDEMILL_ASSIGN(const std::string_view view, Next());
  peeked_ = view;
  return view;
}

std::string_view MemberStream::NextView(std::size_t keep) {
  return inflater_ == nullptr ? NextStored(keep) : inflater_->Next(keep);
}

std::string_view MemberStream::NextStored(std::size_t keep) {
  const std::string_view fresh = Slice(stored_.view, stored_at_, piece_);
  stored_at_ += fresh.size();
  std::uint8_t* const out = buffer_.Slide(keep);
  if (!fresh.empty()) std::memcpy(out, fresh.data(), fresh.size());
  return buffer_.View(out + fresh.size(), keep);
}

base::Status MemberStream::Account(std::string_view fresh) {
  if (!has_checksum_) return {};
  TIDEMILL_CHECK(CheckInflatedSize(facts_, total_ + fresh.size(), limits_));
  if (fresh.empty()) {
    if (inflater_ == nullptr || inflater_->state() == Inflater::State::kDone) CheckSum();
    return {};
  }
  total_ += fresh.size();
  crc_ = libdeflate_crc32(crc_, fresh.data(), fresh.size());
  return {};
}

void MemberStream::CheckSum() {
  if (std::exchange(ended_, true) || crc_ == facts_.crc) return;
  issues_.push_back({.code = "crc-mismatch",
                     .message = facts_.name + ": the checksum does not fit the bytes",
                     .sheet = {},
                     .cell = {},
                     .offset = facts_.offset});
}

}  // namespace tidemill::workbook
