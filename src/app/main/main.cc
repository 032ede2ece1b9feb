// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>

#include "tidemill/app/app.h"

int main(int argc, char** argv) {
  const int code = tidemill::app::Main(argc, argv);
#if !defined(TIDEMILL_SANITIZED)
  // All work is done and closed: the exit handlers of the libraries (OpenSSL within Arrow's among them) would only take
  // time.
  std::fflush(nullptr);
  std::_Exit(code);
#else
  return code;  // the sanitizer looks for leaks at the end
#endif
}
