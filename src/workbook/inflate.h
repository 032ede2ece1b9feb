// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "sliding_buffer.h"

namespace tidemill::workbook {

// Inflates a DEFLATE stream (RFC 1951) that lies in memory whole, in pieces of some 128 KiB. Each piece is decoded into
// one sliding buffer, in which what the reader has not yet used stays in front of it, so nothing is copied twice.
class Inflater {
 public:
  enum class State : std::uint8_t { kMore, kDone, kBroken };

  explicit Inflater(std::string_view compressed);
  // Another one that goes on where this one stands; its first view has nothing to keep. Some 60 KiB.
  std::unique_ptr<Inflater> Fork() const;

  // The last `keep` bytes of the view before (at most its size), followed by new ones; good until the next call. Behind
  // it lie SlidingBuffer::kPadding bytes that may be read and are zero. The last new bytes may come with kDone or
  // kBroken.
  std::string_view Next(std::size_t keep);
  State state() const { return state_; }
  std::uint64_t total() const { return total_; }  // bytes inflated

 private:
  static constexpr std::size_t kWindow = std::size_t{32} << 10U;  // how far matches reach back
  static constexpr unsigned kLitBits = 11;
  static constexpr unsigned kDistBits = 8;
  // Room for the main table and all subtables that a complete code can need, generously.
  using LitTable = std::array<std::uint32_t, 4096>;
  using DistTable = std::array<std::uint32_t, 2048>;
  enum class Block : std::uint8_t { kNone, kStored, kHuffman };

  void Decode(std::uint8_t* end);
  bool BeginBlock();
  bool BeginStored();
  bool ReadCodes();
  bool ReadLengths(std::span<std::uint8_t> lengths);
  bool BuildTables(std::span<const std::uint8_t> literals, std::span<const std::uint8_t> distances);
  void CopyStored(const std::uint8_t* end);
  bool DecodeFast(const std::uint8_t* end);
  bool DecodeRounds(const std::uint8_t* end);
  bool DecodePortably(const std::uint8_t* end);
  bool DecodeWithBmi2(const std::uint8_t* end);
  bool DecodeCarefully(const std::uint8_t* end);
  std::uint32_t Symbol(std::span<const std::uint32_t> table, unsigned table_bits);
  static void PutLiterals(std::uint32_t entry, std::uint8_t*& out);
  void Refill();
  std::uint32_t Take(unsigned bits);
  // More bits were taken than there are.
  bool ran_out() const { return 8 * borrowed_ > bit_count_; }

  const std::uint8_t* in_;
  const std::uint8_t* in_end_;
  std::uint64_t bits_ = 0;
  unsigned bit_count_ = 0;
  std::size_t borrowed_ = 0;  // zero bytes that were read past the end

  SlidingBuffer buffer_;
  std::uint8_t* out_ = nullptr;
  std::uint64_t total_ = 0;

  State state_ = State::kMore;
  Block block_ = Block::kNone;
  bool last_block_ = false;
  std::size_t stored_left_ = 0;
  std::unique_ptr<LitTable> lit_;
  std::unique_ptr<DistTable> dist_;
};

}  // namespace tidemill::workbook
