// SPDX-License-Identifier: Apache-2.0
#include "inflate_tables.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace tidemill::workbook {
namespace {

constexpr std::array<std::uint16_t, 29> kLengthBase = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<std::uint8_t, 29> kLengthExtra = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                       2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr std::array<std::uint16_t, 30> kDistanceBase = {1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
                                                         33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
                                                         1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr std::array<std::uint8_t, 30> kDistanceExtra = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                                         6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

// Entries of all symbols without their code's bits.
struct Symbols {
  std::array<std::uint32_t, 288> literals;
  std::array<std::uint32_t, 32> distances;
  std::array<std::uint32_t, 19> codes;
};

constexpr Symbols MakeSymbols() {
  Symbols symbols{};
  for (std::uint32_t i = 0; i < 256; ++i) symbols.literals[i] = kLiteralFlag | i << 16U;
  symbols.literals[256] = kStop;
  for (std::uint32_t i = 257; i < 288; ++i) {
    symbols.literals[i] =
        i - 257 < kLengthBase.size() ? (kLengthBase[i - 257] - 3U) << 24U | kLengthExtra[i - 257] : kInvalid;
  }
  for (std::uint32_t i = 0; i < 32; ++i) {
    symbols.distances[i] =
        i < kDistanceBase.size() ? std::uint32_t{kDistanceBase[i]} << 16U | kDistanceExtra[i] : kInvalid;
  }
  for (std::uint32_t i = 0; i < 19; ++i) symbols.codes[i] = i << 16U;
  return symbols;
}
constexpr Symbols kSymbols = MakeSymbols();

class TableBuilder {
 public:
  TableBuilder(std::span<const std::uint8_t> lengths, const std::uint32_t* symbols, unsigned table_bits,
               std::span<std::uint32_t> table)
      : lengths_(lengths), symbols_(symbols), table_bits_(table_bits), table_(table) {}

  bool Build() {
    for (const std::uint8_t length : lengths_) ++counts_[length];
    counts_[0] = 0;
    left_ = counts_;
    if (!CheckCounts()) return false;
    table_[0] = kInvalid | 1U << 8U | 1U;  // stays where no code begins so
    next_free_ = std::size_t{1} << table_bits_;
    Sort();
    for (std::size_t i = 0; i < sorted_count_; ++i) {
      const std::uint16_t symbol = sorted_[i];
      if (!Place(symbol, lengths_[symbol])) return false;
    }
    FillTo(table_bits_);
    return true;
  }

 private:
  static std::uint32_t WithCode(std::uint32_t symbol, unsigned bits) {
    return (symbol & kLiteralFlag) != 0 ? symbol + bits : symbol + (bits << 8U | bits);
  }

  bool CheckCounts() {
    std::int32_t left = 1;
    std::uint32_t used = 0;
    for (unsigned length = 1; length <= 15; ++length) {
      left = 2 * left - static_cast<std::int32_t>(counts_[length]);
      if (left < 0) return false;
      used += counts_[length];
    }
    return left == 0 || used == 0 || (used == 1 && counts_[1] == 1);
  }

  // By length, then by symbol: the order of the codes.
  void Sort() {
    std::array<std::uint16_t, 16> at{};
    for (unsigned length = 1; length < 15; ++length) {
      at[length + 1] = static_cast<std::uint16_t>(at[length] + counts_[length]);
    }
    sorted_count_ = at[15] + std::size_t{counts_[15]};
    for (std::size_t symbol = 0; symbol < lengths_.size(); ++symbol) {
      if (lengths_[symbol] != 0) sorted_[at[lengths_[symbol]]++] = static_cast<std::uint16_t>(symbol);
    }
  }

  bool Place(std::uint16_t symbol, unsigned length) {
    const std::uint32_t reversed = reversed_;
    NextCode(length);
    FillTo(std::min(length, table_bits_));
    if (length <= table_bits_) {
      table_[reversed] = WithCode(symbols_[symbol], length);
      return true;
    }
    const std::uint32_t prefix = reversed & ((1U << table_bits_) - 1);
    if (prefix != last_prefix_ && !AddSubtable(prefix, length)) return false;
    const unsigned sub_bits = CodeBitsOf(table_[prefix]);
    const std::size_t start = ValueOf(table_[prefix]);
    const unsigned rest = length - table_bits_;
    const std::uint32_t entry = WithCode(symbols_[symbol], rest);
    for (std::size_t i = reversed >> table_bits_; i < std::size_t{1} << sub_bits; i += std::size_t{1} << rest) {
      table_[start + i] = entry;
    }
    return true;
  }

  // Codes come by rising length: the table of one bit more is that of the bits so far, twice, but for the codes of that
  // length.
  void FillTo(unsigned bits) {
    for (; filled_ < std::size_t{1} << bits; filled_ *= 2) {
      std::memcpy(table_.data() + filled_, table_.data(), filled_ * sizeof(std::uint32_t));
    }
  }

  // The code after this one, its first bit lowest: behind its low ones the next bit becomes one. A longer code begins
  // with the same bits and a zero. (The last code of all has no next one.)
  void NextCode(unsigned length) {
    --left_[length];
    const std::uint32_t zeros = reversed_ ^ ((1U << length) - 1);
    if (zeros == 0) return;
    const std::uint32_t bit = std::bit_floor(zeros);
    reversed_ = (reversed_ & (bit - 1)) | bit;
  }

  // Codes come by rising length, so those with this prefix fill the subtable whole once it is large enough for them.
  bool AddSubtable(std::uint32_t prefix, unsigned length) {
    unsigned bits = length - table_bits_;
    std::uint32_t room = 1U << bits;
    std::uint32_t wanted = left_[length] + 1U;  // this one, and those of this length behind it
    while (wanted < room && table_bits_ + bits < 15) {
      ++bits;
      room <<= 1U;
      wanted = (wanted << 1U) + counts_[table_bits_ + bits];
    }
    const std::size_t size = std::size_t{1} << bits;
    if (next_free_ + size > table_.size()) return false;
    last_prefix_ = prefix;
    table_[prefix] = static_cast<std::uint32_t>(next_free_) << 16U | kSubtable | bits << 8U | table_bits_;
    next_free_ += size;
    return true;
  }

  std::span<const std::uint8_t> lengths_;
  const std::uint32_t* symbols_;
  unsigned table_bits_;
  std::span<std::uint32_t> table_;
  std::array<std::uint16_t, 16> counts_{};
  std::array<std::uint16_t, 320> sorted_{};
  std::size_t sorted_count_ = 0;
  std::size_t filled_ = 1;  // of the main table
  std::size_t next_free_ = 0;
  std::uint32_t reversed_ = 0;              // the next code
  std::array<std::uint16_t, 16> left_{};    // codes of each length that are still to be placed
  std::uint32_t last_prefix_ = 0xFFFFFFFF;  // of the subtable that was begun last
};

// Where the bits behind a literal's code are the code of another one, or of a length, both come at once.
void JoinLiterals(std::uint32_t* table, unsigned table_bits) {
  // Downwards, so that nothing is joined of what is joined: what is looked up stands at a smaller place, except at 0.
  // Without a branch on what it is, which nothing foretells.
  for (std::size_t i = (std::size_t{1} << table_bits) - 1; i > 0; --i) {
    const std::uint32_t first = table[i];
    const std::uint32_t bits = BitsOf(first);
    const std::uint32_t second = table[i >> (bits & 31U)];
    const std::uint32_t pair =
        kLiteralFlag | 1U << 8U | (bits + BitsOf(second)) | ValueOf(first) << 16U | ValueOf(second) << 24U;
    const std::uint32_t length = (second + (bits | bits << 8U)) | kAfterLiteral | ValueOf(first) << 16U;
    const bool literal = (first & kLiteralFlag) != 0;
    const bool second_literal = (second & kLiteralFlag) != 0;
    const std::uint32_t code_bits = bits + (second_literal ? BitsOf(second) : CodeBitsOf(second));
    const bool joins = literal & ((second & kSpecial) == 0) & (code_bits <= table_bits);
    const std::uint32_t joined = second_literal ? pair : length;
    table[i] = joins ? joined : first;
  }
}

// To join what can be joined takes longer than it saves where few codes can: by their lengths a code of n bits is one
// in 2^n, so this is how many of all pairs of codes fit into the table's bits.
bool IsWorthJoining(std::span<const std::uint8_t> lengths, unsigned table_bits) {
  constexpr std::uint64_t kAll = std::uint64_t{1} << 15U;
  std::array<std::uint64_t, 16> literals{};  // of all kAll codes, by the bits of theirs
  std::array<std::uint64_t, 16> codes{};
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const std::uint64_t share = i == 256 || lengths[i] == 0 ? 0 : kAll >> lengths[i];
    codes[lengths[i]] += share;
    if (i < 256) literals[lengths[i]] += share;
  }
  std::uint64_t fitting = 0;
  std::uint64_t shorter = 0;
  for (unsigned bits = 1; bits < table_bits; ++bits) {
    shorter += codes[bits];
    fitting += literals[table_bits - bits] * shorter;
  }
  return fitting >= kAll * kAll / 8;
}

}  // namespace

bool BuildLiteralTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table) {
  if (!TableBuilder(lengths, kSymbols.literals.data(), bits, table).Build()) return false;
  if (IsWorthJoining(lengths, bits)) JoinLiterals(table.data(), bits);
  return true;
}

bool BuildDistanceTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table) {
  return TableBuilder(lengths, kSymbols.distances.data(), bits, table).Build();
}

bool BuildLengthTable(std::span<const std::uint8_t> lengths, unsigned bits, std::span<std::uint32_t> table) {
  return TableBuilder(lengths, kSymbols.codes.data(), bits, table).Build();
}

}  // namespace tidemill::workbook
