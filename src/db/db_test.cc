// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tidemill/db/connection.h"
#include "tidemill/db/migrate.h"
#include "tidemill/db/readers.h"
#include "tidemill/db/writer.h"

namespace tidemill::db {
namespace {

using ::testing::HasSubstr;

constexpr std::array<std::string_view, 1> kFirst{"CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT UNIQUE) STRICT"};

class DbTest : public ::testing::Test {
 protected:
  DbTest() {
    std::filesystem::create_directories(folder_);
    connection_ = *Connection::Open(file_, OpenMode::kReadWrite);
    EXPECT_TRUE(Migrate(*connection_, kFirst));
  }
  ~DbTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = ::testing::TempDir() + "/db-" + std::to_string(::getpid());
  const std::string file_ = folder_ + "/t.db";
  std::unique_ptr<Connection> connection_;
};

TEST_F(DbTest, KeepsTextWithNulNumbersAndNothing) {
  const std::string text("a\0b", 3);
  ASSERT_TRUE(connection_->Change("INSERT INTO t VALUES(?1, ?2)", {std::int64_t{1}, text}));
  ASSERT_TRUE(connection_->Change("INSERT INTO t VALUES(?1, ?2)", {std::int64_t{2}, Value()}));
  const auto rows = connection_->Query("SELECT a, b, a / 2.0 FROM t ORDER BY a");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ(TextOf((*rows)[0][1]), text);
  EXPECT_DOUBLE_EQ(DoubleOf((*rows)[0][2]), 0.5);
  EXPECT_TRUE(IsNull((*rows)[1][1]));
}

TEST_F(DbTest, NamesAViolatedKeyAConflict) {
  ASSERT_TRUE(connection_->Change("INSERT INTO t VALUES(1, 'x')"));
  const auto again = connection_->Change("INSERT INTO t VALUES(2, 'x')");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, base::ErrorCode::kConflict);
  EXPECT_THAT(again.error().message, HasSubstr("UNIQUE"));
}

TEST_F(DbTest, RefusesANewerDatabaseAndOtherMigrations) {
  EXPECT_TRUE(Migrate(*connection_, kFirst));
  const base::Status newer = Migrate(*connection_, {});
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, base::ErrorCode::kUnsupported);
  constexpr std::array<std::string_view, 1> kOther{"CREATE TABLE u(a) STRICT"};
  const base::Status other = Migrate(*connection_, kOther);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, base::ErrorCode::kConflict);
}

TEST_F(DbTest, LeavesNothingOfAMigrationThatFails) {
  constexpr std::array<std::string_view, 2> kBroken{kFirst[0], "CREATE TABLE u(a); CREATE NONSENSE"};
  EXPECT_FALSE(Migrate(*connection_, kBroken));
  EXPECT_FALSE(connection_->Query("SELECT * FROM u"));
  EXPECT_TRUE(Migrate(*connection_, kFirst));
}

TEST_F(DbTest, TakesBackOnlyTheCommandThatFailed) {
  Writer writer(std::move(connection_));
  Readers readers(file_);
  std::vector<std::jthread> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back([&writer, i] {
      EXPECT_TRUE(writer.Run([i](Connection& connection) {
        EXPECT_TRUE(connection.Change("INSERT INTO t(b) VALUES(?1)", {std::to_string(i)}));
        if (i % 4 == 1) throw std::runtime_error("boom");
        return i % 2 == 0;
      }));
    });
  }
  clients.clear();
  std::int64_t count = 0;
  EXPECT_TRUE(readers.Run([&](Connection& connection) {
    count = IntOf(connection.Query("SELECT count(*) FROM t WHERE b % 2 = 0")->at(0)[0]);
    EXPECT_FALSE(connection.Change("DELETE FROM t"));
    EXPECT_EQ(IntOf(connection.Query("SELECT count(*) FROM t")->at(0)[0]), 20);
  }));
  EXPECT_EQ(count, 20);
}

// One that is alone has no savepoint.
TEST_F(DbTest, TakesBackACommandThatFailedAlone) {
  Writer writer(std::move(connection_));
  for (const bool keep : {false, true, false}) {
    EXPECT_TRUE(writer.Run([keep](Connection& connection) {
      EXPECT_TRUE(connection.Change("INSERT INTO t(b) VALUES(?1)", {std::to_string(keep)}));
      return keep;
    }));
  }
  EXPECT_TRUE(writer.Run([](Connection& connection) {
    EXPECT_EQ(IntOf(connection.Query("SELECT count(*) FROM t")->at(0)[0]), 1);
    return true;
  }));
}

TEST_F(DbTest, TellsACommandThatOthersWait) {
  Writer writer(std::move(connection_));
  std::jthread other;
  EXPECT_TRUE(writer.Run([&](Connection&) {
    EXPECT_FALSE(writer.others_wait());
    other = std::jthread([&] { EXPECT_TRUE(writer.Run([](Connection&) { return true; })); });
    while (!writer.others_wait()) std::this_thread::yield();
    return true;
  }));
}

TEST_F(DbTest, SeesWhatWasCommittedBeforeTheAnswer) {
  Writer writer(std::move(connection_));
  Readers readers(file_);
  for (int i = 1; i <= 20; ++i) {
    ASSERT_TRUE(writer.Run(
        [](Connection& connection) { return connection.Change("INSERT INTO t(b) VALUES(NULL)").has_value(); }));
    ASSERT_TRUE(readers.Run(
        [&](Connection& connection) { EXPECT_EQ(IntOf(connection.Query("SELECT count(*) FROM t")->at(0)[0]), i); }));
  }
}

// Beside the commits, so nobody knows when: until it has been, the log only grows.
TEST_F(DbTest, WritesTheLogBackAndBeginsItAnewWhileCommandsGoOn) {
  constexpr LogBounds kBounds{.enough = 20, .most = 100};
  constexpr int kMostCommands = 100'000;
  Writer writer(std::move(connection_), kBounds);
  const std::string text(10'000, 'x');
  int made = 0;
  int anew = 0;
  for (std::int64_t before = 0; anew < 2 && made < kMostCommands; ++made) {
    ASSERT_TRUE(writer.Run([&](Connection& connection) {
      return connection.Change("INSERT INTO t(b) VALUES(?1)", {std::to_string(made) + text}).has_value();
    }));
    anew += writer.log_pages() < before ? 1 : 0;
    before = writer.log_pages();
  }
  EXPECT_EQ(anew, 2);
  const auto count = Connection::Open(file_, OpenMode::kReadOnly).value()->Query("SELECT count(*) FROM t");
  EXPECT_EQ(IntOf(count->at(0)[0]), made);
}

// The database's file is not where it was; commits, which have it open, go on.
TEST_F(DbTest, TellsWhyTheLogCannotBeWrittenBackUntilItCan) {
  constexpr int kMostCommands = 100'000;
  Writer writer(std::move(connection_), {.enough = 20, .most = 100});
  const std::string text(10'000, 'x');
  int made = 0;
  const auto write_until = [&](bool has_problem) {
    while (writer.log_problem().empty() == has_problem && made < kMostCommands) {
      ASSERT_TRUE(writer.Run([&](Connection& connection) {
        return connection.Change("INSERT INTO t(b) VALUES(?1)", {std::to_string(made) + text}).has_value();
      }));
      ++made;
    }
  };
  EXPECT_EQ(writer.log_problem(), "");
  std::filesystem::rename(file_, file_ + ".away");
  std::filesystem::create_directory(file_);
  write_until(true);
  EXPECT_THAT(writer.log_problem(), HasSubstr(file_));
  std::filesystem::remove(file_);
  std::filesystem::rename(file_ + ".away", file_);
  write_until(false);
  EXPECT_LT(made, kMostCommands);
}

TEST(Connection, SaysThatAFileIsNoDatabaseOrCannotBeOpened) {
  const auto missing = Connection::Open("/nonexistent/x.db", OpenMode::kReadWrite);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, base::ErrorCode::kUnavailable);
  EXPECT_EQ(missing.error().place, "/nonexistent/x.db");
}

}  // namespace
}  // namespace tidemill::db
