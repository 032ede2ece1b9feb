// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tidemill/http/file_owner.h"

namespace tidemill::http {
namespace {

// The "files" are numbers here.
std::string FileBytes(const Output::FilePart& part) {
  return std::string(part.size, part.file == 7 ? 'F' : '?');
}

// What is sent where each write takes at most so many pieces and bytes, and the socket takes `taken` of them.
std::string Send(Output& output, std::size_t most, std::size_t most_bytes, std::size_t taken) {
  std::string sent;
  std::vector<std::string_view> pieces;
  while (!output.empty()) {
    const Output::FilePart part = output.Pieces(pieces, most, most_bytes);
    std::string write;
    for (const auto piece : pieces) write += piece;
    EXPECT_LE(pieces.size(), most);
    EXPECT_LE(write.size(), most_bytes);
    if (write.empty()) write = FileBytes(part).substr(0, most_bytes);
    if (write.empty()) return sent + " and no more";
    write.resize(std::min(write.size(), taken));
    output.Consume(write.size());
    sent += write;
  }
  return sent;
}

TEST(OutputTest, KeepsTheOrderWhateverAWriteTakes) {
  const std::string large(40'000, 'L'), larger(50'000, 'M'), filed(60'000, 'F');
  const std::string whole = "head" + large + "small tail" + filed + larger + large + "end" + filed;
  for (const std::size_t most : {1U, 2U, 64U}) {
    for (const std::size_t most_bytes : {1'000U, 40'000U, 1'000'000U}) {
      for (const std::size_t taken : {999U, 45'000U, 1'000'000U}) {
        Output output;
        output.Append("head");
        output.AppendBody(SharedBytes{large, nullptr});
        output.AppendBody(std::string("small tail"));
        output.AppendBody(SharedBytes{filed, OwnsFile(7, nullptr)});
        output.AppendBody(std::string(larger));
        output.AppendBody(SharedBytes{large, nullptr});
        output.Append("end");
        output.AppendBody(SharedBytes{filed, OwnsFile(7, nullptr)});
        EXPECT_EQ(output.bytes(), whole.size());
        EXPECT_TRUE(Send(output, most, most_bytes, taken) == whole) << most << " " << most_bytes << " " << taken;
      }
    }
  }
}

}  // namespace
}  // namespace tidemill::http
