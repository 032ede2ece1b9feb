// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/base/result.h"

#include "sdmx_flow.h"

namespace tidemill::data_api {

enum class SdmxDetail : std::uint8_t { kFull, kDataOnly, kSeriesKeysOnly, kNoData };
enum class SdmxMessage : std::uint8_t { kGeneric, kStructureSpecific };

// What a data query of SDMX 2.1 (REST 1.5) selects, in our words.
struct SdmxDataQuery {
  std::vector<std::vector<std::string>> key;  // a part each of KeyIds; empty: any
  std::string start, end;                     // periods, both included by their edges; empty: none
  std::optional<std::uint32_t> first, last;   // observations of each series
  SdmxDetail detail = SdmxDetail::kFull;
};

// Makes the message piece by piece, a bounded number of bytes at a time. Immutable data, one reader.
class SdmxDataMessage {
 public:
  // Errors: kMalformed for a period that cannot be read.
  static base::Result<SdmxDataMessage> Open(SdmxFlow flow, const SdmxDataQuery& query, SdmxMessage form);
  // The next piece; empty after the last.
  base::Result<std::string> Next();

 private:
  // A series' selected rows, of one measure.
  struct Run {
    std::uint32_t series = 0;
    std::size_t measure = 0;
    std::vector<std::uint32_t> rows;
  };

  SdmxDataMessage(SdmxFlow flow, SdmxDetail detail, SdmxMessage form)
      : flow_(std::move(flow)), detail_(detail), form_(form) {}
  std::string Head() const;
  base::Status Append(const Run& run, std::string& out) const;
  void AppendKey(const Run& run, std::string& out) const;
  base::Status AppendObservations(const Run& run, std::string& out) const;

  SdmxFlow flow_;
  SdmxDetail detail_;
  SdmxMessage form_;
  std::vector<Run> runs_;
  std::size_t next_ = 0;
  bool begun_ = false, ended_ = false;
};

}  // namespace tidemill::data_api
