// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "xml.h"

namespace tidemill::workbook {

// From within a <table:table>, with `xml` behind an event, over its rows and columns to what a workbook is listed by:
// a <table:table> or <table:named-…> within it, or its end, which come next then. What is passed over is looked at only
// for these, so a fault of the XML there is left to who reads the sheet. False where the text ends before, or where the
// table has another prefix than is usual: nothing was passed over then.
bool SkipOdsRows(XmlReader& xml);

}  // namespace tidemill::workbook
