// SPDX-License-Identifier: Apache-2.0
#pragma once

// The functions of before OpenSSL 3.0 too: the newer ones look an algorithm up first, a millisecond of the first call.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

namespace tidemill::base {

// The functions of libcrypto that are used.
// clang-format off
#define TIDEMILL_CRYPTO_FUNCTIONS(USE)                                                                      \
  USE(SHA256_Init) USE(SHA256_Update) USE(SHA256_Final) USE(HMAC) USE(RAND_bytes)                           \
  USE(EVP_md5) USE(EVP_sha1) USE(EVP_sha256) USE(EVP_sha384) USE(EVP_sha512)                                \
  USE(EVP_MD_CTX_new) USE(EVP_MD_CTX_free) USE(EVP_MD_CTX_copy_ex)                                          \
  USE(EVP_DigestInit_ex) USE(EVP_DigestUpdate) USE(EVP_DigestFinal_ex)                                      \
  USE(EVP_aes_128_ecb) USE(EVP_aes_192_ecb) USE(EVP_aes_256_ecb)                                            \
  USE(EVP_aes_128_cbc) USE(EVP_aes_192_cbc) USE(EVP_aes_256_cbc) USE(EVP_aes_256_gcm)                       \
  USE(EVP_CIPHER_CTX_new) USE(EVP_CIPHER_CTX_free) USE(EVP_CIPHER_CTX_ctrl) USE(EVP_CIPHER_CTX_set_padding) \
  USE(EVP_EncryptInit_ex) USE(EVP_EncryptUpdate) USE(EVP_EncryptFinal_ex)                                   \
  USE(EVP_DecryptInit_ex) USE(EVP_DecryptUpdate) USE(EVP_DecryptFinal_ex)                                   \
  USE(BIO_new_mem_buf) USE(BIO_free) USE(PEM_read_bio_PrivateKey)                                           \
  USE(EVP_PKEY_get_base_id) USE(EVP_PKEY_free) USE(EVP_DigestSignInit) USE(EVP_DigestSign)
// clang-format on

// A pointer to each, by its name there.
struct CryptoLibrary {
#define TIDEMILL_DECLARE(name) decltype(&::name) name = nullptr;
  TIDEMILL_CRYPTO_FUNCTIONS(TIDEMILL_DECLARE)
#undef TIDEMILL_DECLARE
};

// Opens libcrypto the first time; the same afterwards, from any thread. It stays open until the process ends. Where it
// is missing or too old the process ends with a message and 127, as it would if the loader had looked for it.
const CryptoLibrary& Crypto();

}  // namespace tidemill::base
