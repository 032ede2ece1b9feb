// SPDX-License-Identifier: Apache-2.0
#include "index_runs.h"

#include "thrift_writer.h"

namespace tidemill::frame {
namespace {

constexpr std::size_t kGroup = 8;

// Whole groups, the last one filled up with zeros.
void AppendPacked(std::string& out, std::span<const std::uint32_t> values, unsigned bits) {
  const std::size_t groups = (values.size() + kGroup - 1) / kGroup;
  AppendVarint(out, (groups << 1U) | 1U);
  const std::size_t begin = out.size();
  out.resize(begin + groups * bits, '\0');
  char* to = out.data() + begin;
  std::uint64_t waiting = 0;
  unsigned count = 0;
  for (const std::uint32_t value : values) {
    waiting |= std::uint64_t{value} << count;
    for (count += bits; count >= 8; count -= 8) {
      *to++ = static_cast<char>(waiting & 0xFFU);
      waiting >>= 8U;
    }
  }
  if (count > 0) *to = static_cast<char>(waiting);
}

std::size_t RunAt(std::span<const std::uint32_t> values, std::size_t at) {
  std::size_t end = at + 1;
  while (end < values.size() && values[end] == values[at]) ++end;
  return end - at;
}

}  // namespace

unsigned BitsFor(std::uint32_t greatest) {
  unsigned bits = 1;
  while ((greatest >>= 1U) != 0) ++bits;
  return bits;
}

void AppendRun(std::string& out, std::uint32_t value, std::size_t length, unsigned bits) {
  AppendVarint(out, length << 1U);
  for (unsigned at = 0; at < bits; at += 8) out += static_cast<char>((value >> at) & 0xFFU);
}

void AppendRuns(std::string& out, std::span<const std::uint32_t> values, unsigned bits) {
  std::size_t packed = 0;  // from here on values wait to be packed
  for (std::size_t at = 0; at < values.size();) {
    const std::size_t run = RunAt(values, at);
    // Those that wait must be whole groups: the run gives what is missing.
    const std::size_t given = (kGroup - (at - packed) % kGroup) % kGroup;
    if (run < given + kGroup) {
      at += run;
      continue;
    }
    if (at + given > packed) AppendPacked(out, values.subspan(packed, at + given - packed), bits);
    AppendRun(out, values[at], run - given, bits);
    at += run;
    packed = at;
  }
  if (packed < values.size()) AppendPacked(out, values.subspan(packed), bits);
}

}  // namespace tidemill::frame
