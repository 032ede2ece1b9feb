// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/memory_store.h"

namespace tidemill::data_api {
namespace {

using ::testing::SizeIs;

// A folder was listed again for each of its files, each second: fifteen hundred of them took a whole core.
TEST(Source, TheListingOfAFolderTellsTheStampsOfItsFiles) {
  const auto store = std::make_shared<base::testing::MemoryStore>();
  ASSERT_TRUE(store->Put("a.csv", "x\n1\n"));
  ASSERT_TRUE(store->Put("b.parquet", "PAR1"));
  ASSERT_TRUE(store->Put("notes.txt", "none"));
  const auto sources = ListSources({.kind = Place::Kind::kFolder, .store = store, .one = {}});
  ASSERT_TRUE(sources);
  ASSERT_THAT(*sources, SizeIs(2));
  const Source listed = sources->front();
  Source asked = listed;
  asked.stamp.clear();
  EXPECT_EQ(*StampOf(listed), *StampOf(asked));
  ASSERT_TRUE(store->Delete("a.csv"));
  EXPECT_TRUE(StampOf(listed)) << "nobody looks again";
  EXPECT_EQ(StampOf(asked).error().code, base::ErrorCode::kNotFound);
}

}  // namespace
}  // namespace tidemill::data_api
