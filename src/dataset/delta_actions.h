// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"

// The actions of a Delta log, as they stand in its JSON commits and in its checkpoints.
namespace tidemill::dataset {

struct Protocol {
  std::int64_t reader = 1;
  std::int64_t writer = 2;
  std::vector<std::string> reader_features;
  std::vector<std::string> writer_features;
};

struct MetaData {
  std::string id;
  TableFacts facts;                          // configuration without "delta."
  std::map<std::string, std::string> delta;  // configuration "delta.…"
  std::string schema_string;
  std::vector<std::string> partition_columns;
  std::int64_t created_time = 0;  // milliseconds
};

struct AddFile {
  DataFile file;  // its path decoded
  std::int64_t modification_time = 0;
  bool deletion_vector = false;
};

struct CommitInfo {
  std::optional<base::Time> recorded;
  CommitFacts facts;
};

struct Actions {
  std::optional<Protocol> protocol;
  std::optional<MetaData> metadata;
  std::vector<AddFile> adds;
  std::vector<std::string> removes;  // paths, decoded
  std::optional<CommitInfo> info;
};

enum class InfoReading { kSkip, kRead };

// One commit file: a JSON object a line. Errors: kMalformed with file and line, kUnsupported.
base::Result<Actions> ParseCommit(std::string_view text, std::string_view file, InfoReading info);

// A path of the log decoded. kUnsupported where it is absolute: another folder's file.
base::Result<std::string> DecodePath(std::string_view path, std::string_view place);

// numRecords of a file's statistics, which are a JSON text; -1 where they do not say.
std::int64_t RowsOfStatistics(std::string_view json_text);

// Configuration as the log has it, split into Delta's own and the dataset's.
void SetConfiguration(MetaData& metadata, std::map<std::string, std::string> configuration);

// A commit to be written.
struct CommitDraft {
  base::Time recorded;
  std::string_view operation;
  std::int64_t read_version = -1;  // -1 for the first
  CommitFacts facts;
  bool write_protocol = false;
  std::optional<MetaData> metadata;
  std::optional<DataFile> add;
  std::vector<DataFile> removes;
};
std::string ToCommitText(const CommitDraft& draft);

}  // namespace tidemill::dataset
