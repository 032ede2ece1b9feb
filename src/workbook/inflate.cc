// SPDX-License-Identifier: Apache-2.0
#include "inflate.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "inflate_tables.h"

namespace tidemill::workbook {
namespace {

constexpr std::array<std::uint8_t, 19> kCodeOrder = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

std::uint64_t Load64(const std::uint8_t* from) {
  std::uint64_t value = 0;
  std::memcpy(&value, from, 8);
  return value;
}

// May write up to 31 bytes behind the match. Most matches are short and not near: they take no branch that depends on
// their length.
inline void CopyMatch(std::uint8_t* out, std::size_t length, std::size_t distance) {
  const std::uint8_t* from = out - distance;
  std::uint8_t* const end = out + length;
  if (distance >= 16) [[likely]] {
    std::memcpy(out, from, 16);
    std::memcpy(out + 16, from + 16, 16);
    while (out + 32 < end) [[unlikely]] {
      out += 32;
      from += 32;
      std::memcpy(out, from, 16);
      std::memcpy(out + 16, from + 16, 16);
    }
  } else if (distance == 1) {
    std::memset(out, *from, length);
  } else {
    while (out < end) *out++ = *from++;
  }
}

}  // namespace

Inflater::Inflater(std::string_view compressed)
    : in_(reinterpret_cast<const std::uint8_t*>(compressed.data())),
      in_end_(in_ + compressed.size()),
      lit_(std::make_unique_for_overwrite<LitTable>()),
      dist_(std::make_unique_for_overwrite<DistTable>()) {}

std::unique_ptr<Inflater> Inflater::Fork() const {
  auto fork = std::make_unique<Inflater>(std::string_view());
  fork->in_ = in_;
  fork->in_end_ = in_end_;
  fork->bits_ = bits_;
  fork->bit_count_ = bit_count_;
  fork->borrowed_ = borrowed_;
  fork->buffer_ = buffer_.Tail(kWindow);
  fork->total_ = total_;
  fork->state_ = state_;
  fork->block_ = block_;
  fork->last_block_ = last_block_;
  fork->stored_left_ = stored_left_;
  if (block_ == Block::kHuffman) {
    *fork->lit_ = *lit_;
    *fork->dist_ = *dist_;
  }
  return fork;
}

std::string_view Inflater::Next(std::size_t keep) {
  constexpr std::size_t kBehind = 8 + 258 + 32;  // literals of a round, a match, what its copy spills
  out_ = buffer_.Slide(std::min(buffer_.size(), std::max(keep, kWindow)), kBehind);
  std::uint8_t* const first = out_;
  Decode(out_ + SlidingBuffer::kPiece);
  total_ += static_cast<std::uint64_t>(out_ - first);
  return buffer_.View(out_, keep);
}

void Inflater::Decode(std::uint8_t* end) {
  constexpr std::ptrdiff_t kFastInput = 16;
  while (state_ == State::kMore && out_ < end) {
    bool good = true;
    if (block_ == Block::kStored) {
      CopyStored(end);
    } else if (block_ == Block::kHuffman) {
      good = in_end_ - in_ >= kFastInput ? DecodeFast(end) : DecodeCarefully(end);
    } else if (last_block_) {
      state_ = State::kDone;
    } else {
      good = BeginBlock();
    }
    if (!good) state_ = State::kBroken;
  }
}

void Inflater::Refill() {
  while (bit_count_ <= 56) {
    if (in_ < in_end_) {
      bits_ |= std::uint64_t{*in_++} << bit_count_;
    } else {
      ++borrowed_;
    }
    bit_count_ += 8;
  }
}

std::uint32_t Inflater::Take(unsigned count) {
  if (bit_count_ < count) Refill();
  const auto taken = static_cast<std::uint32_t>(bits_ & ((std::uint64_t{1} << count) - 1));
  bits_ >>= count;
  bit_count_ -= count;
  return taken;
}

bool Inflater::BeginBlock() {
  last_block_ = Take(1) != 0;
  switch (Take(2)) {
    case 0:
      return BeginStored();
    case 1: {
      std::array<std::uint8_t, 288 + 32> lengths{};
      for (std::size_t i = 0; i < 288; ++i) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
      std::fill_n(lengths.begin() + 288, 32, std::uint8_t{5});
      return !ran_out() && BuildTables(std::span(lengths).first(288), std::span(lengths).last(32));
    }
    case 2:
      return ReadCodes();
    default:
      return false;
  }
}

bool Inflater::BeginStored() {
  bits_ >>= bit_count_ % 8;
  bit_count_ -= bit_count_ % 8;
  const std::uint32_t size = Take(16);
  const std::uint32_t inverted = Take(16);
  if (ran_out() || size != (~inverted & 0xFFFFU)) return false;
  // Whole bytes that were read ahead are given back.
  in_ -= bit_count_ / 8 - borrowed_;
  bits_ = 0;
  bit_count_ = 0;
  borrowed_ = 0;
  if (size > static_cast<std::size_t>(in_end_ - in_)) return false;
  stored_left_ = size;
  block_ = Block::kStored;
  return true;
}

void Inflater::CopyStored(const std::uint8_t* end) {
  const std::size_t size = std::min(stored_left_, static_cast<std::size_t>(end - out_));
  if (size > 0) std::memcpy(out_, in_, size);
  out_ += size;
  in_ += size;
  stored_left_ -= size;
  if (stored_left_ == 0) block_ = Block::kNone;
}

bool Inflater::BuildTables(std::span<const std::uint8_t> literals, std::span<const std::uint8_t> distances) {
  block_ = Block::kHuffman;
  return BuildLiteralTable(literals, kLitBits, *lit_) && BuildDistanceTable(distances, kDistBits, *dist_);
}

// A dynamic block's codes (RFC 1951, 3.2.7).
bool Inflater::ReadCodes() {
  const std::size_t literal_count = Take(5) + 257;
  const std::size_t distance_count = Take(5) + 1;
  const std::size_t code_count = Take(4) + 4;
  if (literal_count > 286) return false;
  std::array<std::uint8_t, 19> code_lengths{};
  for (std::size_t i = 0; i < code_count; ++i) code_lengths[kCodeOrder[i]] = static_cast<std::uint8_t>(Take(3));
  constexpr unsigned kCodeBits = 7;
  if (ran_out() || !BuildLengthTable(code_lengths, kCodeBits, *lit_)) return false;
  std::array<std::uint8_t, 286 + 32> lengths{};
  const auto used = std::span(lengths).first(literal_count + distance_count);
  if (!ReadLengths(used) || lengths[256] == 0) return false;
  return BuildTables(used.first(literal_count), used.subspan(literal_count));
}

bool Inflater::ReadLengths(std::span<std::uint8_t> lengths) {
  for (std::size_t i = 0; i < lengths.size();) {
    const std::uint32_t entry = Symbol(std::span<const std::uint32_t>(*lit_), 7);
    if (ran_out() || (entry & kStop) != 0) return false;
    const std::uint32_t code = ValueOf(entry);
    if (code < 16) {
      lengths[i++] = static_cast<std::uint8_t>(code);
      continue;
    }
    if (code == 16 && i == 0) return false;
    const std::uint8_t value = code == 16 ? lengths[i - 1] : std::uint8_t{0};
    const std::size_t count = code == 16 ? 3 + Take(2) : code == 17 ? 3 + Take(3) : 11 + Take(7);
    if (count > lengths.size() - i) return false;
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(i), count, value);
    i += count;
  }
  return !ran_out();
}

// The entry of the next code; its bits are taken, extra bits are not.
std::uint32_t Inflater::Symbol(std::span<const std::uint32_t> table, unsigned table_bits) {
  Refill();
  std::uint32_t entry = table[bits_ & ((1U << table_bits) - 1)];
  if ((entry & kSubtable) != 0) {
    const std::size_t start = ValueOf(entry);
    const unsigned sub_bits = CodeBitsOf(entry);
    static_cast<void>(Take(table_bits));
    entry = table[start + (bits_ & ((1U << sub_bits) - 1))];
  }
  static_cast<void>(Take((entry & kLiteralFlag) != 0 ? BitsOf(entry) : CodeBitsOf(entry)));
  return entry;
}

inline void Inflater::PutLiterals(std::uint32_t entry, std::uint8_t*& out) {
  const auto both = static_cast<std::uint16_t>(ValueOf(entry));
  std::memcpy(out, &both, sizeof both);
  out += LiteralsOf(entry);
}

bool Inflater::DecodeCarefully(const std::uint8_t* end) {
  while (out_ < end) {
    const std::uint32_t entry = Symbol(*lit_, kLitBits);
    if (ran_out()) return false;
    if ((entry & kLiteralFlag) != 0) {
      PutLiterals(entry, out_);
      continue;
    }
    if ((entry & kStop) != 0) {
      block_ = Block::kNone;
      return ValueOf(entry) == 0;
    }
    *out_ = static_cast<std::uint8_t>(ValueOf(entry));
    out_ += LiteralsBefore(entry);
    const std::size_t length = LengthOf(entry) + Take(BitsOf(entry) - CodeBitsOf(entry));
    const std::uint32_t far = Symbol(*dist_, kDistBits);
    if ((far & kStop) != 0) return false;
    const std::size_t distance = ValueOf(far) + Take(BitsOf(far) - CodeBitsOf(far));
    if (ran_out() || distance > static_cast<std::size_t>(out_ - buffer_.begin())) return false;
    CopyMatch(out_, length, distance);
    out_ += length;
  }
  return true;
}

// Needs 16 bytes of input a round: two refills, each of which leaves 56 bits or more. An entry is looked up before the
// refill in front of its use, with what bits are left, so that it does not wait for the refill: 23 at least behind
// literals, 28 behind a match, and 14 behind a length.
[[gnu::always_inline]] inline bool Inflater::DecodeRounds(const std::uint8_t* end) {
  constexpr std::uint64_t kLitMask = (1U << kLitBits) - 1;
  constexpr std::uint64_t kDistMask = (1U << kDistBits) - 1;
  const std::uint32_t* const lit = lit_->data();
  const std::uint32_t* const dist = dist_->data();
  const std::uint8_t* const in_stop = in_end_ - 16;
  const std::uint8_t* const begin = buffer_.begin();
  const std::uint8_t* in = in_;
  std::uint8_t* out = out_;
  std::uint64_t bits = bits_;
  std::uint64_t count = bit_count_;  // only the low 6 bits count
  bool good = true;
  const auto refill = [&] {
    bits |= Load64(in) << (count & 63U);
    in += (63U - (count & 63U)) >> 3U;
    count |= 56U;
  };
  const auto take = [&](std::uint32_t entry) {
    bits >>= BitsOf(entry);
    count -= BitsOf(entry);
  };
  // `before` are the bits before the entry's were taken.
  const auto extra = [](std::uint32_t entry, std::uint64_t before) {
    return (before & ((std::uint64_t{1} << BitsOf(entry)) - 1)) >> CodeBitsOf(entry);
  };
  refill();
  std::uint32_t entry = lit[bits & kLitMask];
  while (out < end && in <= in_stop) {
    refill();
    if ((entry & kLiteralFlag) != 0) {
      take(entry);
      PutLiterals(entry, out);
      entry = lit[bits & kLitMask];
      if ((entry & kLiteralFlag) != 0) {
        take(entry);
        PutLiterals(entry, out);
        entry = lit[bits & kLitMask];
        if ((entry & kLiteralFlag) != 0) {
          take(entry);
          PutLiterals(entry, out);
          entry = lit[bits & kLitMask];
          continue;
        }
      }
    }
    if ((entry & kSpecial) != 0) [[unlikely]] {
      if ((entry & kSubtable) != 0) {
        bits >>= kLitBits;
        count -= kLitBits;
        entry = lit[ValueOf(entry) + (bits & ((1U << CodeBitsOf(entry)) - 1))];
        if ((entry & kLiteralFlag) != 0) {
          take(entry);
          PutLiterals(entry, out);
          entry = lit[bits & kLitMask];
          continue;
        }
      }
      if ((entry & kStop) != 0) {
        take(entry);
        block_ = Block::kNone;
        good = ValueOf(entry) == 0;
        break;
      }
    }
    std::uint64_t before = bits;
    take(entry);
    *out = static_cast<std::uint8_t>(ValueOf(entry));
    out += LiteralsBefore(entry);
    const std::size_t length = LengthOf(entry) + extra(entry, before);
    std::uint32_t far = dist[bits & kDistMask];
    refill();
    if ((far & kSpecial) != 0) [[unlikely]] {
      if ((far & kSubtable) != 0) {
        bits >>= kDistBits;
        count -= kDistBits;
        far = dist[ValueOf(far) + (bits & ((1U << CodeBitsOf(far)) - 1))];
      }
      if ((far & kStop) != 0) {
        good = false;
        break;
      }
    }
    before = bits;
    take(far);
    const std::size_t distance = ValueOf(far) + extra(far, before);
    if (distance > static_cast<std::size_t>(out - begin)) {
      good = false;
      break;
    }
    entry = lit[bits & kLitMask];
    CopyMatch(out, length, distance);
    out += length;
  }
  in_ = in;
  out_ = out;
  bit_count_ = static_cast<unsigned>(count & 63U);
  bits_ = bits & ((std::uint64_t{1} << bit_count_) - 1);
  return good;
}

bool Inflater::DecodePortably(const std::uint8_t* end) {
  return DecodeRounds(end);
}

#if defined(__x86_64__)
// The same with shifts by any register, which do not touch the flags.
[[gnu::target("bmi,bmi2")]] bool Inflater::DecodeWithBmi2(const std::uint8_t* end) {
  return DecodeRounds(end);
}
#endif

bool Inflater::DecodeFast(const std::uint8_t* end) {
#if defined(__x86_64__)
  static const bool kHasBmi2 = __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2") != 0;
  if (kHasBmi2) return DecodeWithBmi2(end);
#endif
  return DecodePortably(end);
}

}  // namespace tidemill::workbook
