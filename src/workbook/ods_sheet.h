// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>

#include "cell_sink.h"
#include "ods_styles.h"
#include "xml.h"

namespace tidemill::workbook {

// What all sheets of an OpenDocument file share.
struct OdsBook {
  Book book;
  OdsStyles styles;
  std::uint32_t percent_style = 0;  // of percentages whose cell has no number format
};

// Reads a sheet into `sink`, from the start of its <table:table> to behind the end; what stands behind an error of the
// XML is missing, and said in the sheet's issues. kTooLarge where repeat counts make more cells than the limit allows,
// kCancelled for `stop`.
base::Status ReadOdsSheet(XmlReader& xml, const OdsBook& book, const std::stop_token& stop, const ReadOptions& options,
                          CellSink& sink);

}  // namespace tidemill::workbook
