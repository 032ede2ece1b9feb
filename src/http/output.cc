// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "tidemill/http/file_owner.h"

namespace tidemill::http {

void Output::AppendBody(SharedBytes body) {
  if (body.bytes.size() <= kLargeBytes) return Append(body.bytes);
  large_bytes_ += body.bytes.size();
  const int file = FileOf(body.owner);
  large_.push_back({text_.size(), file, std::move(body)});
}

void Output::AppendBody(std::string&& body) {
  if (body.size() <= kLargeBytes) return Append(body);
  auto kept = std::make_shared<const std::string>(std::move(body));
  const std::string_view bytes = *kept;
  AppendBody(SharedBytes{bytes, std::move(kept)});
}

Output::FilePart Output::Pieces(std::vector<std::string_view>& pieces, std::size_t most, std::size_t most_bytes) const {
  pieces.clear();
  std::size_t skip = written_;
  std::size_t left = most_bytes;
  const auto add = [&](std::string_view piece) {
    const std::size_t gone = std::min(skip, piece.size());
    skip -= gone;
    piece = piece.substr(gone, left);
    if (piece.empty() || pieces.size() == most) return;
    pieces.push_back(piece);
    left -= piece.size();
  };
  std::size_t at = 0;
  for (const Large& large : large_) {
    add(std::string_view(text_).substr(at, large.at - at));
    const std::size_t size = large.body.bytes.size();
    if (large.file >= 0 && skip < size) return {large.file, skip, size - skip};
    add(large.body.bytes);
    at = large.at;
  }
  add(std::string_view(text_).substr(at));
  return {};
}

void Output::ForgetFiles() {
  for (Large& large : large_) large.file = -1;
}

void Output::Consume(std::size_t count) {
  constexpr std::size_t kKeptBytes = std::size_t{64} << 10U;
  written_ += count;
  if (bytes() != 0) return;
  text_.clear();
  if (text_.capacity() > kKeptBytes) text_.shrink_to_fit();
  large_.clear();
  large_bytes_ = written_ = 0;
}

}  // namespace tidemill::http
