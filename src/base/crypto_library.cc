// SPDX-License-Identifier: Apache-2.0
#include "crypto_library.h"

#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>

namespace tidemill::base {
namespace {

constexpr const char* kLibrary = "libcrypto.so.3";
static_assert(OPENSSL_SHLIB_VERSION == 3, "the library is opened by its name");

[[noreturn]] void Refuse(const char* what) {
  std::fprintf(stderr, "tidemill: %s cannot be used (%s): install OpenSSL 3.0 or newer\n", kLibrary, what);
  std::_Exit(127);
}

template <class Function>
void Bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (function == nullptr) Refuse(name);
}

CryptoLibrary Load() {
  void* library = ::dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) Refuse(::dlerror());
  CryptoLibrary crypto;
#define TIDEMILL_BIND(name) Bind(library, #name, crypto.name);
  TIDEMILL_CRYPTO_FUNCTIONS(TIDEMILL_BIND)
#undef TIDEMILL_BIND
  return crypto;
}

}  // namespace

const CryptoLibrary& Crypto() {
  static const CryptoLibrary library = Load();
  return library;
}

}  // namespace tidemill::base
