// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "tidemill/base/result.h"

#include "bytes.h"
#include "ole2.h"

// Files that are protected by a password ([MS-OFFCRYPTO]). Excel protects the structure of a workbook by encrypting it
// with a password that it tries by itself: such files open without one. Others are kUnsupported "encrypted: …".
namespace tidemill::workbook {

inline constexpr std::string_view kDefaultPassword = "VelvetSweatshop";

// True where a stream has a FILEPASS record; its first bytes are enough.
bool IsEncryptedXls(std::string_view stream);
inline constexpr std::size_t kFilePassWithin = 8'192;

// A workbook stream with its records plain; a stream without a FILEPASS record comes back as it is. `password` is
// ASCII.
base::Result<Buffer> DecryptXls(Buffer stream, std::string_view password = kDefaultPassword);

// The package inside of an OLE2 file with EncryptionInfo and EncryptedPackage.
base::Result<std::string> DecryptPackage(const Ole2File& file, std::string_view password = kDefaultPassword);

// A password as the files have it: UTF-16, little-endian.
std::string WidePassword(std::string_view ascii);

}  // namespace tidemill::workbook
