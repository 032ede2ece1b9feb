// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <filesystem>
#include <fstream>
#include <latch>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tidemill/base/file_store.h"
#include "tidemill/base/testing/memory_store.h"

namespace tidemill::base {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LocalStore : public ::testing::Test {
 protected:
  LocalStore() : store_(*OpenLocalStore(folder_.path() + "/store")) {}
  std::vector<std::string> Paths(std::string_view folder = "", bool recursive = true) {
    std::vector<std::string> paths;
    const auto entries = store_->List(folder, recursive);
    for (const auto& entry : *entries) paths.push_back(entry.path);
    return paths;
  }
  // Everything in the folder, temporary files too.
  std::size_t FilesOnDisk() {
    std::size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path(), error)) count += entry.is_regular_file();
    return count;
  }
  testing::TemporaryFolder folder_;
  std::unique_ptr<FileStore> store_;
};

TEST_F(LocalStore, ReadsWhatWasPut) {
  EXPECT_FALSE(fs::exists(folder_.path() + "/store"));
  ASSERT_TRUE(store_->Put("a/b/c.bin", std::string_view("x\0y", 3)));
  EXPECT_EQ(*store_->Read("a/b/c.bin"), std::string("x\0y", 3));
  ASSERT_TRUE(store_->Put("a/b/c.bin", "new"));
  EXPECT_EQ(*store_->Read("a/b/c.bin"), "new");
  EXPECT_TRUE(*store_->Exists("a/b/c.bin"));
  EXPECT_FALSE(*store_->Exists("a/b/d.bin"));
  ASSERT_TRUE(store_->Delete("a/b/c.bin"));
  ASSERT_TRUE(store_->Delete("a/b/c.bin"));
  EXPECT_EQ(store_->Read("a/b/c.bin").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store_->Read("a/b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(FilesOnDisk(), 0U);
}

TEST_F(LocalStore, ListsFilesAndFolders) {
  for (const char* path : {"b.txt", "a/2", "a/1", "a/deep/er", "_x/y"}) ASSERT_TRUE(store_->Put(path, "12"));
  EXPECT_THAT(Paths(), ElementsAre("_x/y", "a/1", "a/2", "a/deep/er", "b.txt"));
  EXPECT_THAT(Paths("a", false), ElementsAre("a/1", "a/2"));
  EXPECT_THAT(Paths("missing"), IsEmpty());
  EXPECT_EQ(store_->List("a")->front().size, 2U);
  EXPECT_THAT(*store_->ListFolders(""), ElementsAre("_x", "a"));
  EXPECT_THAT(*store_->ListFolders("missing"), IsEmpty());
}

TEST_F(LocalStore, PutIfAbsentKeepsWhatIsThere) {
  ASSERT_TRUE(store_->PutIfAbsent("log/1.json", "first"));
  const auto again = store_->PutIfAbsent("log/1.json", "second");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kConflict);
  EXPECT_EQ(*store_->Read("log/1.json"), "first");
  EXPECT_EQ(FilesOnDisk(), 1U);
}

TEST_F(LocalStore, OfWritersAtOnceExactlyOneWins) {
  for (int round = 0; round < 50; ++round) {
    const std::string path = "log/" + std::to_string(round);
    std::latch start(4);
    std::array<bool, 4> won{};
    {
      std::vector<std::jthread> writers;
      for (std::size_t writer = 0; writer < won.size(); ++writer) {
        writers.emplace_back([&, writer] {
          start.arrive_and_wait();
          won[writer] = store_->PutIfAbsent(path, "by " + std::to_string(writer)).has_value();
        });
      }
    }
    ASSERT_EQ(std::count(won.begin(), won.end(), true), 1);
    const auto winner = std::find(won.begin(), won.end(), true) - won.begin();
    EXPECT_EQ(*store_->Read(path), "by " + std::to_string(winner));
  }
  EXPECT_EQ(FilesOnDisk(), 50U);
}

TEST_F(LocalStore, RefusesPathsThatLeaveIt) {
  for (const std::string& path : {std::string("../x"), std::string("a/../../x"), std::string("a/./b"),
                                  std::string("/etc/passwd"), std::string("a\0b", 3), std::string("..")}) {
    EXPECT_EQ(store_->Put(path, "x").error().code, ErrorCode::kInvalid) << path;
    EXPECT_EQ(store_->PutIfAbsent(path, "x").error().code, ErrorCode::kInvalid) << path;
    EXPECT_EQ(store_->Read(path).error().code, ErrorCode::kInvalid) << path;
    EXPECT_EQ(store_->Delete(path).error().code, ErrorCode::kInvalid) << path;
    EXPECT_EQ(store_->List(path).error().code, ErrorCode::kInvalid) << path;
    EXPECT_EQ(store_->LocalPath(path), "");
  }
  EXPECT_EQ(FilesOnDisk(), 0U);
}

TEST_F(LocalStore, ReadsNoMoreThanTheLimit) {
  ASSERT_TRUE(store_->Put("big", std::string(1'000, 'x')));
  EXPECT_EQ(store_->Read("big", 999).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(store_->Read("big", 1'000)->size(), 1'000U);
}

TEST_F(LocalStore, FilesOfAKilledWriterAreNotListed) {
  ASSERT_TRUE(store_->Put("log/1.json", "{}"));
  const int pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    // Writes until it is killed, so that the kill finds it somewhere in a write.
    for (;;) static_cast<void>(store_->Put("log/2.json", std::string(1U << 20U, 'x')));
  }
  ::usleep(50'000);
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  // What a writer leaves that dies between its write and its rename.
  std::ofstream(folder_.path() + "/store/log/.writing-1-0-3.json") << "half";
  for (const std::string& path : Paths()) {
    EXPECT_THAT(path, ::testing::AnyOf("log/1.json", "log/2.json"));
    EXPECT_THAT(store_->Read(path)->size(), ::testing::AnyOf(2U, 1U << 20U));
  }
}

// A limit on the size of files stands for a full disk: the write fails in the middle.
TEST_F(LocalStore, AFullDiskLeavesNothing) {
  ASSERT_TRUE(store_->Put("kept", "before"));
  const auto old_handler = ::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const rlimit limit{.rlim_cur = 10'000, .rlim_max = old_limit.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  const auto put = store_->Put("kept", std::string(50'000, 'x'));
  const auto put_new = store_->PutIfAbsent("new", std::string(50'000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  static_cast<void>(::signal(SIGXFSZ, old_handler));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(put.error().ToText(), HasSubstr("/store/kept: cannot write"));
  EXPECT_FALSE(put_new);
  EXPECT_EQ(*store_->Read("kept"), "before");
  EXPECT_FALSE(*store_->Exists("new"));
  EXPECT_EQ(FilesOnDisk(), 1U);
}

TEST_F(LocalStore, AReadOnlyFolderIsForbidden) {
  ASSERT_TRUE(store_->Put("kept", "before"));
  fs::permissions(folder_.path() + "/store", fs::perms::owner_read | fs::perms::owner_exec);
  // The superuser may write everywhere, so the attempt is made as nobody.
  const bool superuser = ::geteuid() == 0;
  fs::permissions(folder_.path(), fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
  if (superuser) {
    fs::permissions(folder_.path() + "/store", fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
    ASSERT_EQ(::seteuid(65'534), 0);
  }
  const auto put = store_->Put("kept", "after");
  const auto put_new = store_->PutIfAbsent("deep/er", "x");
  if (superuser) {
    ASSERT_EQ(::seteuid(0), 0);
  }
  fs::permissions(folder_.path() + "/store", fs::perms::owner_all);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kForbidden);
  ASSERT_FALSE(put_new);
  EXPECT_EQ(put_new.error().code, ErrorCode::kForbidden);
  EXPECT_EQ(*store_->Read("kept"), "before");
}

TEST(OpenLocalStore, TakesPathsAndFileUrls) {
  const testing::TemporaryFolder folder;
  for (const std::string& url :
       {folder.path(), folder.path() + "//", "file:" + folder.path(), "file://" + folder.path()}) {
    const auto store = OpenLocalStore(url);
    ASSERT_TRUE(store) << url;
    EXPECT_EQ((*store)->url(), url);
    EXPECT_EQ((*store)->LocalPath("a/b"), folder.path() + "/a/b");
  }
}

TEST(OpenLocalStore, RefusesOtherSchemesAndFiles) {
  EXPECT_EQ(OpenLocalStore("gs://bucket/x").error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(OpenLocalStore("").error().code, ErrorCode::kInvalid);
  const testing::TemporaryFolder folder;
  std::ofstream(folder.path() + "/file") << "x";
  EXPECT_EQ(OpenLocalStore(folder.path() + "/file").error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace tidemill::base
