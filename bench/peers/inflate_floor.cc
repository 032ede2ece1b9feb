// SPDX-License-Identifier: Apache-2.0
// The floor under every reader of zipped workbooks: libdeflate inflates every member of the archive in one call and
// takes its CRC-32, and nothing else happens. One buffer for all, in large pages where the kernel gives them.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <libdeflate.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace {

template <class T>
T Load(const char* at) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

struct Member {
  std::uint16_t method;
  std::uint32_t crc;
  std::uint64_t packed;
  std::uint64_t size;
  const char* bytes;
};

// The central directory of a well-formed archive without zip64 sizes above 4 GiB.
std::vector<Member> Members(const char* file, std::size_t size) {
  const char* end = file + size - 22;
  while (Load<std::uint32_t>(end) != 0x06054B50) --end;
  const char* at = file + Load<std::uint32_t>(end + 16);
  std::vector<Member> members;
  for (int count = Load<std::uint16_t>(end + 10); count > 0; --count) {
    const char* local = file + Load<std::uint32_t>(at + 42);
    members.push_back({Load<std::uint16_t>(at + 10), Load<std::uint32_t>(at + 16), Load<std::uint32_t>(at + 20),
                       Load<std::uint32_t>(at + 24),
                       local + 30 + Load<std::uint16_t>(local + 26) + Load<std::uint16_t>(local + 28)});
    at += 46 + Load<std::uint16_t>(at + 28) + Load<std::uint16_t>(at + 30) + Load<std::uint16_t>(at + 32);
  }
  return members;
}

}  // namespace

int main(int, char** argv) {
  const int file = open(argv[1], O_RDONLY);
  struct stat facts{};
  fstat(file, &facts);
  const auto size = static_cast<std::size_t>(facts.st_size);
  const auto* bytes = static_cast<const char*>(mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0));
  const std::vector<Member> members = Members(bytes, size);
  std::uint64_t room = 1;
  for (const Member& member : members) room = std::max(room, member.size);
  room = (room + 0x1F'FFFF) & ~std::uint64_t{0x1F'FFFF};
  auto* buffer = static_cast<char*>(mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  madvise(buffer, room, MADV_HUGEPAGE);
  libdeflate_decompressor* inflater = libdeflate_alloc_decompressor();
  std::uint64_t total = 0;
  for (const Member& member : members) {
    if (member.method != 8) continue;
    std::size_t out = 0;
    if (libdeflate_deflate_decompress(inflater, member.bytes, member.packed, buffer, room, &out) !=
            LIBDEFLATE_SUCCESS ||
        libdeflate_crc32(0, buffer, out) != member.crc) {
      return std::puts("a member is broken"), 2;
    }
    total += out;
  }
  std::printf("{\"bytes\": %llu}\n", static_cast<unsigned long long>(total));
}
