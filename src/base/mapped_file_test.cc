// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/mapped_file.h"

#include <array>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tidemill/base/new_file.h"

namespace tidemill::base {
namespace {

namespace fs = std::filesystem;

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::size_t Count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_ = fs::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(FilesTest, MappedBytesAreThoseOfTheFile) {
  std::ofstream(Path("a")) << "some bytes";
  auto file = MappedFile::Open(Path("a"));
  ASSERT_TRUE(file.has_value());
  const MappedFile moved = *std::move(file);
  EXPECT_EQ(moved.bytes(), "some bytes");
  std::ofstream(Path("empty")).flush();
  EXPECT_EQ(MappedFile::Open(Path("empty"))->bytes(), "");
}

TEST_F(FilesTest, MappingSaysWhyNot) {
  EXPECT_EQ(MappedFile::Open(Path("missing")).error().code, ErrorCode::kNotFound);
  const auto folder = MappedFile::Open(folder_.string());
  EXPECT_EQ(folder.error().code, ErrorCode::kNotFound);
  EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
  std::ofstream(Path("a")) << "12345";
  EXPECT_EQ(MappedFile::Open(Path("a"), 4).error().code, ErrorCode::kTooLarge);
}

TEST_F(FilesTest, ANewFileIsThereWholeOrNotAtAll) {
  {
    auto file = NewFile::Open(Path("out"));
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->Write("half").has_value());
    EXPECT_FALSE(fs::exists(Path("out")));
  }
  EXPECT_EQ(Count(), 0U);
  auto file = NewFile::Open(Path("out"));
  ASSERT_TRUE(file->Write("whole").has_value());
  ASSERT_TRUE(file->Replace().has_value());
  EXPECT_EQ(MappedFile::Open(Path("out"))->bytes(), "whole");
  EXPECT_EQ(Count(), 1U);
}

TEST_F(FilesTest, ANamedFileIsWhatItsLinkLeadsTo) {
  std::ofstream(Path("target")) << "before";
  fs::create_symlink("target", Path("link"));
  fs::create_symlink("none", Path("dangling"));
  for (const char* name : {"link", "dangling"}) {
    auto file = NewFile::OpenNamed(Path(name));
    ASSERT_TRUE(file.has_value());
    ASSERT_TRUE(file->Write("after").has_value() && file->Replace().has_value());
    EXPECT_TRUE(fs::is_symlink(Path(name)));
  }
  EXPECT_EQ(MappedFile::Open(Path("target"))->bytes(), "after");
  EXPECT_EQ(MappedFile::Open(Path("none"))->bytes(), "after");
}

TEST_F(FilesTest, APipeIsWrittenToNotReplaced) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  const int reader = ::open(Path("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  auto file = NewFile::OpenNamed(Path("pipe"));
  ASSERT_TRUE(file.has_value());
  ASSERT_TRUE(file->Write("through").has_value() && file->Replace().has_value());
  std::array<char, 16> got{};
  EXPECT_EQ(::read(reader, got.data(), got.size()), 7);
  ::close(reader);
  EXPECT_TRUE(fs::is_fifo(Path("pipe")));
}

TEST_F(FilesTest, ANewFileDoesNotReplaceWhereNothingMayBe) {
  std::ofstream(Path("out")) << "first";
  auto file = NewFile::Open(Path("out"));
  ASSERT_TRUE(file->Write("second").has_value());
  EXPECT_EQ(file->PutIfAbsent().error().code, ErrorCode::kConflict);
  EXPECT_EQ(MappedFile::Open(Path("out"))->bytes(), "first");
  EXPECT_EQ(NewFile::Open(Path("no/folder")).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tidemill::base
