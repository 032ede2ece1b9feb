// SPDX-License-Identifier: Apache-2.0
// Reads every sheet of a workbook row by row through ExcelReader's C interface, numbers parsed, and prints counts and
// sums. Usage: excelreader ExcelReader.Native.so FILE
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <dlfcn.h>

namespace {

constexpr int kOk = 0;
constexpr int kEndOfRows = -1;
constexpr int kBufferTooSmall = -2;
enum CellType : std::int32_t { kEmpty, kString, kNumber, kDate, kBool, kFormula, kError };

struct Tally {
  std::uint64_t numbers = 0;
  double sum = 0;
  std::uint64_t strings = 0;
  std::uint64_t string_bytes = 0;
  std::uint64_t others = 0;

  void Cell(std::int32_t type, const char* text, std::int32_t size) {
    if (type == kNumber || type == kDate || type == kFormula) {
      double value = 0;
      const auto [end, error] = std::from_chars(text, text + size, value);
      if (error == std::errc() && end == text + size) {
        ++numbers;
        sum += value;
        return;
      }
    }
    if (type == kString || type == kFormula) {
      strings += size > 0 ? 1 : 0;
      string_bytes += static_cast<std::uint64_t>(size);
    } else if (type != kEmpty) {
      ++others;
    }
  }

  // A count, then column, type, size and bytes of each cell.
  void Row(const char* row) {
    std::int32_t count = 0;
    std::memcpy(&count, row, 4);
    row += 4;
    for (; count > 0; --count) {
      std::int32_t head[3];
      std::memcpy(head, row, sizeof head);
      Cell(head[1], row + sizeof head, head[2]);
      row += sizeof head + static_cast<std::size_t>(head[2]);
    }
  }
};

template <class Function>
Function* Find(void* library, const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(library, name));
  if (found == nullptr) std::fprintf(stderr, "no %s\n", name), std::exit(2);
  return found;
}

int Fail(const char* what, int code) {
  std::fprintf(stderr, "%s: %d\n", what, code);
  return 2;
}

}  // namespace

int main(int, char** argv) {
  void* library = dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) return std::fprintf(stderr, "%s\n", dlerror()), 2;
  auto* open = Find<int(const char*, int, int, const void*, void**)>(library, "xl_open_file");
  auto* sheet_count = Find<int(void*, std::int32_t*)>(library, "xl_sheet_count");
  auto* rows_open = Find<int(void*, std::int32_t, void**)>(library, "xl_rows_open");
  auto* rows_next = Find<int(void*, char*, std::int32_t, std::int32_t*)>(library, "xl_rows_next");
  auto* rows_close = Find<int(void*)>(library, "xl_rows_close");

  void* book = nullptr;
  if (const int code = open(argv[2], static_cast<int>(std::strlen(argv[2])), 0, nullptr, &book))
    return Fail("open", code);
  std::int32_t sheets = 0;
  sheet_count(book, &sheets);
  Tally tally;
  std::vector<char> row(1 << 16);
  for (std::int32_t i = 0; i < sheets; ++i) {
    void* rows = nullptr;
    if (const int code = rows_open(book, i, &rows)) return Fail("rows", code);
    for (;;) {
      std::int32_t written = 0;
      const int code = rows_next(rows, row.data(), static_cast<std::int32_t>(row.size()), &written);
      if (code == kEndOfRows) break;
      if (code == kBufferTooSmall) {
        row.resize(static_cast<std::size_t>(written));
        continue;
      }
      if (code != kOk) return Fail("row", code);
      tally.Row(row.data());
    }
    rows_close(rows);
  }
  std::printf("{\"numbers\": %llu, \"sum\": %.17g, \"strings\": %llu, \"string_bytes\": %llu, \"others\": %llu}\n",
              static_cast<unsigned long long>(tally.numbers), tally.sum, static_cast<unsigned long long>(tally.strings),
              static_cast<unsigned long long>(tally.string_bytes), static_cast<unsigned long long>(tally.others));
}
