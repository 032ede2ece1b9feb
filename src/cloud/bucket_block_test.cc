// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/bucket_block.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemill::cloud {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(BucketBlock, NamesThePlaceAndItsKey) {
  const auto place = ParseBucketBlock(
      R"({"bucket":"etlapi","bucket_folder":"/old/figures/","gcp_credentials":{"service_account_info":{"type":"x"}}})");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->url, "gs://etlapi/old/figures");
  EXPECT_EQ(place->key.info, R"({"type":"x"})");
}

TEST(BucketBlock, NeedsNoFolderAndNoKey) {
  for (const std::string_view folder : {"", R"(,"bucket_folder":"")", R"(,"bucket_folder":"/")"}) {
    const auto place = ParseBucketBlock(R"({"bucket":"etlapi")" + std::string(folder) + "}");
    ASSERT_TRUE(place);
    EXPECT_EQ(place->url, "gs://etlapi");
    EXPECT_EQ(place->key.info + place->key.file, "");
  }
}

TEST(BucketBlock, NamesTheFieldThatIsWrongAndNoSecret) {
  EXPECT_THAT(ParseBucketBlock("{}").error().ToText(), HasSubstr("bucket: expected"));
  const auto both = ParseBucketBlock(
      R"({"bucket":"b","gcp_credentials":{"service_account_file":"f","service_account_info":"hush"}})");
  EXPECT_THAT(both.error().ToText(), testing::AllOf(HasSubstr("gcp_credentials: expected"), Not(HasSubstr("hush"))));
}

}  // namespace
}  // namespace tidemill::cloud
