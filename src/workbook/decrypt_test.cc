// SPDX-License-Identifier: Apache-2.0
#include "decrypt.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/digest.h"
#include "tidemill/workbook/testing/make_files.h"
#include "tidemill/workbook/workbook.h"

#include "rc4.h"

namespace tidemill::workbook {
namespace {

using ::testing::HasSubstr;
using testing::MakeOle2;
using testing::Record;
using testing::U16;
using testing::U32;

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string Rc4Of(std::string_view key, std::string_view bytes) {
  Rc4 stream(key);
  std::string out(bytes);
  for (char& c : out) c = static_cast<char>(static_cast<std::uint8_t>(c) ^ stream.Next());
  return out;
}

// RFC 6229 and the vectors that are handed down with the cipher.
TEST(Rc4, GivesTheKnownStreams) {
  EXPECT_EQ(Rc4Of("Key", "Plaintext"), FromHex("BBF316E8D940AF0AD3"));
  EXPECT_EQ(Rc4Of("Secret", "Attack at dawn"), FromHex("45A01F645FC35B383552544B9BF5"));
}

constexpr std::string_view kSalt = "0123456789abcdef";

// Enciphers bodies from `begin` on with RC4, a new key for each 1,024 bytes; all but those of BOF and FILEPASS, and the
// first four bytes of BOUNDSHEET.
template <class KeyOf>
std::string Encipher(std::string stream, KeyOf key_of) {
  std::string pad;
  for (std::uint32_t block = 0; block * 1024 < stream.size(); ++block) {
    pad += Rc4Of(key_of(block), std::string(1024, '\0'));
  }
  for (std::size_t at = 0; at + 4 <= stream.size();) {
    const std::uint32_t id = static_cast<std::uint8_t>(stream[at]) |
                             static_cast<std::uint32_t>(static_cast<std::uint8_t>(stream[at + 1])) << 8U;
    const std::size_t size =
        static_cast<std::uint8_t>(stream[at + 2]) + 256U * static_cast<std::uint8_t>(stream[at + 3]);
    const std::size_t plain = id == 0x0809 || id == 0x002F ? size : id == 0x0085 ? 4 : 0;
    for (std::size_t i = at + 4 + plain; i < at + 4 + size; ++i) stream[i] = static_cast<char>(stream[i] ^ pad[i]);
    at += 4 + size;
  }
  return stream;
}

std::string Stream(const std::string& file_pass) {
  std::string cells;
  for (std::uint32_t row = 0; row < 300; ++row) cells += Record(0x0203, U16(row) + U16(0) + U16(0) + testing::F64(row));
  return testing::MakeXlsStream(file_pass, {{"Figures", cells}});
}

std::string Rc4Key(std::string_view password, std::uint32_t block) {
  base::Hasher md5(base::DigestKind::kMd5);
  const std::string first = md5.Hash(WidePassword(password)).substr(0, 5);
  std::string repeated;
  for (int i = 0; i < 16; ++i) repeated += first + std::string(kSalt);
  return md5.Hash(md5.Hash(repeated).substr(0, 5), U32(block));
}

std::string MakeRc4Xls(std::string_view password) {
  const std::string verifier = "verifier 16bytes";
  const std::string both = verifier + base::Hasher(base::DigestKind::kMd5).Hash(verifier);
  const std::string file_pass =
      Record(0x002F, U16(1) + U16(1) + U16(1) + std::string(kSalt) + Rc4Of(Rc4Key(password, 0), both));
  return MakeOle2(
      {{"Workbook", Encipher(Stream(file_pass), [&](std::uint32_t block) { return Rc4Key(password, block); })}});
}

std::string CryptoApiKey(std::string_view password, std::uint32_t block, std::size_t bits) {
  base::Hasher sha1(base::DigestKind::kSha1);
  std::string key = sha1.Hash(sha1.Hash(kSalt, WidePassword(password)), U32(block)).substr(0, bits / 8);
  if (bits == 40) key.resize(16);
  return key;
}

std::string MakeCryptoApiXls(std::string_view password, std::size_t bits) {
  const std::string verifier = "verifier 16bytes";
  const std::string both =
      Rc4Of(CryptoApiKey(password, 0, bits), verifier + base::Hasher(base::DigestKind::kSha1).Hash(verifier));
  const std::string header = U32(4) + U32(0) + U32(0x6801) + U32(0x8004) + U32(static_cast<std::uint32_t>(bits)) +
                             U32(1) + U32(0) + U32(0) + U16(0);
  const std::string file_pass =
      Record(0x002F, U16(1) + U16(2) + U16(2) + U32(4) + U32(static_cast<std::uint32_t>(header.size())) + header +
                         U32(16) + std::string(kSalt) + both.substr(0, 16) + U32(20) + both.substr(16));
  return MakeOle2({{"Workbook", Encipher(Stream(file_pass),
                                         [&](std::uint32_t block) { return CryptoApiKey(password, block, bits); })}});
}

void ExpectFigures(const std::string& bytes) {
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_TRUE(workbook.has_value()) << workbook.error().ToText();
  EXPECT_EQ((*workbook)->sheets().at(0).name, "Figures");
  const auto sheet = (*workbook)->ReadSheet(0);
  ASSERT_TRUE(sheet.has_value());
  ASSERT_EQ(sheet->cell_count(), 300U);
  for (std::uint32_t row = 0; row < 300; ++row) EXPECT_EQ(sheet->Find(row, 0)->number(), row);
}

void ExpectEncrypted(const std::string& bytes) {
  const auto workbook = OpenWorkbook(bytes);
  ASSERT_FALSE(workbook.has_value());
  EXPECT_EQ(workbook.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(workbook.error().message, ::testing::StartsWith("encrypted: "));
}

TEST(DecryptXls, OpensWhatExcelEncryptsWithItsOwnPassword) {
  ExpectFigures(MakeRc4Xls(kDefaultPassword));
  ExpectFigures(MakeCryptoApiXls(kDefaultPassword, 40));
  ExpectFigures(MakeCryptoApiXls(kDefaultPassword, 128));
}

TEST(DecryptXls, RefusesOtherPasswordsAsEncrypted) {
  ExpectEncrypted(MakeRc4Xls("secret"));
  ExpectEncrypted(MakeCryptoApiXls("secret", 128));
  ExpectEncrypted(MakeOle2({{"Workbook", Stream(Record(0x002F, U16(0) + U16(1) + U16(2)))}}));
  ExpectEncrypted(MakeOle2({{"Workbook", Stream(Record(0x002F, ""))}}));
  ExpectEncrypted(
      MakeOle2({{"Workbook", Stream(Record(0x002F, U16(1) + U16(2) + U16(2) + U32(4) + U32(0xFFFFFFFF)))}}));
}

// Enciphered by an independent program after the standard's text.
const std::string kStandardInfo = FromHex(
    "04000200240000002800000024000000000000000E6600000480000080000000180000000000000000000000410045005300000010000000"
    "000102030405060708090A0B0C0D0E0FF5AE3846AD467E137EEE509E8448641D14000000E0269BD911C989FC28892BCBC57A7D8CC1B3B4AF"
    "F9404E71151BB72BA198E3BB");
const std::string kStandardPackage = FromHex(
    "26000000000000005DE46ABAD8023D60661356BB10A8F87650FC30DA1B928C93C529C2D7864EEB3E942AEB07582844FBFF9856B8F345DD92");
const std::string kAgileCipher =
    " blockSize=\"16\" keyBits=\"256\" hashSize=\"64\" cipherAlgorithm=\"AES\" cipherChaining=\"ChainingModeCBC\" "
    "hashAlgorithm=\"SHA512\"";
std::string AgileInfo(std::string_view spins) {
  return U16(4) + U16(4) + U32(0x40) + "<encryption><keyData saltSize=\"16\"" + kAgileCipher +
         " saltValue=\"EBESExQVFhcYGRobHB0eHw==\"/><keyEncryptors><keyEncryptor><p:encryptedKey spinCount=\"" +
         std::string(spins) + "\" saltSize=\"16\"" + kAgileCipher +
         " saltValue=\"ICEiIyQlJicoKSorLC0uLw==\" encryptedVerifierHashInput=\"lJPuEqe5qEYdqTNQwd/PNw==\" "
         "encryptedVerifierHashValue=\"Oh7iZol4rbW8uPQOW3fTnorfl8k+xIVGvw58KmPbaKJEFpUDshHSMrlF70vqzXfY8BORyhxb6ItL3TS7"
         "GHOBFA==\" "
         "encryptedKeyValue=\"ClIJkj1M46cGVZmPKD+SsqdjIfcAK6Qjc2h5JPiy/W8=\"/></keyEncryptor></keyEncryptors>"
         "</encryption>";
}
const std::string kAgilePackage = FromHex(
    "2600000000000000F6D6D6FF7A03E4E47693B73477F7A48CA4CF8E647494022CAE2CBA4C3E40BD98AB7E16DE08FE1681735EF0CEE59F6B66");
constexpr std::string_view kPlain = "the package, thirty-eight bytes of it.";

base::Result<std::string> Decrypted(const std::string& info, const std::string& package, std::string_view password) {
  const std::string bytes = MakeOle2({{"EncryptionInfo", info}, {"EncryptedPackage", package}});
  const auto file = Ole2File::Open(bytes);
  return DecryptPackage(*file, password);
}

TEST(DecryptPackage, OpensStandardAndAgileEncryption) {
  EXPECT_EQ(Decrypted(kStandardInfo, kStandardPackage, kDefaultPassword).value(), kPlain);
  EXPECT_EQ(Decrypted(AgileInfo("1000"), kAgilePackage, kDefaultPassword).value(), kPlain);
}

TEST(DecryptPackage, RefusesOtherPasswordsAndCiphers) {
  EXPECT_THAT(Decrypted(kStandardInfo, kStandardPackage, "other").error().message, HasSubstr("encrypted: "));
  EXPECT_THAT(Decrypted(AgileInfo("1000"), kAgilePackage, "other").error().message, HasSubstr("encrypted: "));
  EXPECT_THAT(Decrypted(AgileInfo("10000000"), kAgilePackage, kDefaultPassword).error().message,
              HasSubstr("more than a million rounds"));
  EXPECT_THAT(Decrypted(U16(9) + U16(9), kAgilePackage, kDefaultPassword).error().message, HasSubstr("encrypted: "));
  EXPECT_THAT(Decrypted("", kAgilePackage, kDefaultPassword).error().message, HasSubstr("encrypted: "));
  EXPECT_EQ(Decrypted(kStandardInfo, "short", kDefaultPassword).value(), "");
}

TEST(DecryptPackage, WhatIsInsideMustBeAWorkbook) {
  const auto workbook =
      OpenWorkbook(MakeOle2({{"EncryptionInfo", kStandardInfo}, {"EncryptedPackage", kStandardPackage}}));
  ASSERT_FALSE(workbook.has_value());
  EXPECT_EQ(workbook.error().code, base::ErrorCode::kMalformed);
}

// Files of other readers' tests, all with the password "password".
class SharedEncrypted : public ::testing::Test {
 protected:
  static constexpr std::string_view kFolder = "corpora/ExcelDataReader-ExcelDataReader/src/TestData/";
  void SetUp() override {
    if (!std::filesystem::exists(Path("Test_git_issue_242_xor_pwd_password.xls"))) GTEST_SKIP() << "no shared data";
  }
  static std::filesystem::path Path(std::string_view name) {
    return std::filesystem::path(TIDEMILL_SHARED_DATA) / kFolder / name;
  }
  static std::string Bytes(std::string_view name) {
    std::ifstream in(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(SharedEncrypted, StreamsOfExcelOpenWithTheirPassword) {
  for (const std::string_view name :
       {"Test_git_issue_242_xor_pwd_password.xls", "Test_git_issue_242_std_rc4_pwd_password.xls"}) {
    const std::string bytes = Bytes(name);
    ExpectEncrypted(bytes);
    const auto file = Ole2File::Open(bytes);
    ASSERT_TRUE(file.has_value()) << name;
    const auto plain = DecryptXls(file->Read(file->Has("Workbook") ? "Workbook" : "Book"), "password");
    ASSERT_TRUE(plain.has_value()) << name << plain.error().ToText();
    // The stream lies bare now, but for its FILEPASS.
    std::string stream(plain->view);
    for (std::size_t at = 0; at + 4 <= stream.size();
         at += 4 + static_cast<std::uint8_t>(stream[at + 2]) + 256U * static_cast<std::uint8_t>(stream[at + 3])) {
      if (stream[at] == '\x2F' && stream[at + 1] == '\0') stream[at + 1] = '\x7F';
    }
    const auto workbook = OpenWorkbook(stream);
    ASSERT_TRUE(workbook.has_value()) << name << workbook.error().ToText();
    const auto sheet = (*workbook)->ReadSheet(0);
    ASSERT_TRUE(sheet.has_value()) << name;
    ASSERT_NE(sheet->Find(0, 0), nullptr) << name;
    EXPECT_EQ(sheet->Text(*sheet->Find(0, 0)), "Password: password") << name;
  }
}

TEST_F(SharedEncrypted, PackagesOfExcelOpenWithTheirPassword) {
  for (const std::string_view name :
       {"agile_AES128_MD5_CBC_pwd_password.xlsx", "agile_AES128_SHA1_CBC_pwd_password.xlsx",
        "agile_AES128_SHA384_CBC_pwd_password.xlsx", "agile_AES256_SHA512_CBC_pwd_password.xlsx",
        "agile_AES192_SHA512_CBC_pwd_password.xlsb", "standard_AES128_SHA1_ECB_pwd_password.xlsx",
        "standard_AES192_SHA1_ECB_pwd_password.xlsb", "standard_AES256_SHA1_ECB_pwd_password.xlsx"}) {
    const std::string bytes = Bytes(name);
    ExpectEncrypted(bytes);
    const auto file = Ole2File::Open(bytes);
    ASSERT_TRUE(file.has_value()) << name;
    const auto package = DecryptPackage(*file, "password");
    ASSERT_TRUE(package.has_value()) << name << package.error().ToText();
    const auto workbook = OpenWorkbook(*package);
    ASSERT_TRUE(workbook.has_value()) << name << workbook.error().ToText();
    EXPECT_TRUE((*workbook)->ReadSheet(0).has_value()) << name;
  }
}

}  // namespace
}  // namespace tidemill::workbook
