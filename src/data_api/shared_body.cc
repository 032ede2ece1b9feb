// SPDX-License-Identifier: Apache-2.0
#include "shared_body.h"

#include <exception>

namespace tidemill::data_api {
namespace {

base::Result<std::string> MakePiece(const SharedBody::Pieces& make) {
  try {
    return make();
  } catch (const std::exception& error) {
    return base::Fail(base::ErrorCode::kInternal, "{}", error.what());
  }
}

}  // namespace

SharedBody::SharedBody(Pieces make, std::size_t most_bytes, std::function<void(End)> on_end)
    : most_bytes_(most_bytes), on_end_(std::move(on_end)), make_(std::move(make)) {}

SharedBody::Given SharedBody::Give(std::size_t number, Again again) {
  {
    const std::lock_guard lock(mutex_);
    if (number < pieces_.size()) return {.turn = Turn::kPiece, .piece = pieces_[number]};
    if (number == count_ && end_) return {.turn = Turn::kPiece, .piece = *end_};
    if (parted_ && (number != count_ || making_ || !make_)) return {.turn = Turn::kMakeOwn};
    if (making_) {
      waiting_.push_back(std::move(again));
      return {.turn = Turn::kWait};
    }
    making_ = true;
  }
  return TakeIn(MakePiece(make_));
}

SharedBody::Given SharedBody::TakeIn(base::Result<std::string> piece) {
  Given given{.turn = Turn::kPiece, .piece = std::move(piece)};
  std::optional<End> end;
  std::vector<Again> waiting;
  {
    const std::lock_guard lock(mutex_);
    making_ = false;
    waiting.swap(waiting_);
    if (!given.piece || given.piece->empty()) {
      end = given.piece ? End::kWhole : End::kFailed;
      end_ = given.piece;
    } else if (parted_ || bytes_ + given.piece->size() > most_bytes_) {
      if (!std::exchange(parted_, true)) end = End::kTooLarge;
      given.turn = Turn::kGoOnAlone;
      given.rest = std::exchange(make_, nullptr);
    } else {
      ++count_;
      bytes_ += given.piece->size();
      pieces_.push_back(*given.piece);
    }
  }
  for (const Again& again : waiting) again();
  if (end) on_end_(*end);
  return given;
}

void SharedBody::Part() {
  const std::lock_guard lock(mutex_);
  parted_ = true;
  pieces_ = {};
}

std::optional<std::string> SharedBody::Text() const {
  const std::lock_guard lock(mutex_);
  if (parted_) return std::nullopt;
  std::string text;
  text.reserve(bytes_);
  for (const std::string& piece : pieces_) text += piece;
  return text;
}

base::Result<std::optional<std::string>> SharedReader::Next(SharedBody::Again again) {
  SharedBody::Given given;
  if (own_) {
    given.piece = own_();
  } else {
    given = body_->Give(number_, std::move(again));
  }
  if (given.turn == SharedBody::Turn::kWait) return std::nullopt;
  if (given.turn == SharedBody::Turn::kMakeOwn) given.piece = GoOnWithOwn();
  if (given.turn == SharedBody::Turn::kGoOnAlone) {
    own_ = std::move(given.rest);
    body_.reset();
  }
  if (!given.piece) return tl::unexpected(std::move(given.piece.error()));
  ++number_;
  bytes_ += given.piece->size();
  return *std::move(given.piece);
}

// Makes it anew and gives the first piece behind those it has had, or what is left of one.
base::Result<std::string> SharedReader::GoOnWithOwn() {
  body_.reset();
  TIDEMILL_ASSIGN(own_, make_own_());
  for (std::size_t passed = 0;;) {
    TIDEMILL_ASSIGN(const std::string piece, own_());
    if (passed + piece.size() > bytes_) return piece.substr(bytes_ - passed);
    passed += piece.size();
    if (!piece.empty()) continue;
    if (passed == bytes_) return std::string();
    return base::Fail(base::ErrorCode::kInternal, "a body that was made anew has {} bytes; expected at least {}",
                      passed, bytes_);
  }
}

}  // namespace tidemill::data_api
