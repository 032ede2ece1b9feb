// SPDX-License-Identifier: Apache-2.0
#include "client_library.h"

#include <dlfcn.h>

namespace tidemill::http {
namespace {

constexpr const char* kLibrary = "libcurl.so.4";

template <class Function>
bool Bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

base::Result<CurlLibrary> Load() {
  void* library = ::dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) {
    return base::Fail(base::ErrorCode::kInternal, "{} cannot be opened ({}): install libcurl 7.85 or newer", kLibrary,
                      ::dlerror());
  }
  CurlLibrary curl;
  const bool whole =
      Bind(library, "curl_global_init", curl.global_init) && Bind(library, "curl_easy_init", curl.easy_init) &&
      Bind(library, "curl_easy_cleanup", curl.easy_cleanup) && Bind(library, "curl_easy_reset", curl.easy_reset) &&
      Bind(library, "curl_easy_setopt", curl.easy_setopt) && Bind(library, "curl_easy_getinfo", curl.easy_getinfo) &&
      Bind(library, "curl_easy_perform", curl.easy_perform) && Bind(library, "curl_easy_send", curl.easy_send) &&
      Bind(library, "curl_easy_recv", curl.easy_recv) && Bind(library, "curl_easy_strerror", curl.easy_strerror) &&
      Bind(library, "curl_slist_append", curl.slist_append) &&
      Bind(library, "curl_slist_free_all", curl.slist_free_all) && Bind(library, "curl_multi_init", curl.multi_init) &&
      Bind(library, "curl_multi_cleanup", curl.multi_cleanup) &&
      Bind(library, "curl_multi_setopt", curl.multi_setopt) &&
      Bind(library, "curl_multi_add_handle", curl.multi_add_handle) &&
      Bind(library, "curl_multi_remove_handle", curl.multi_remove_handle) &&
      Bind(library, "curl_multi_perform", curl.multi_perform) && Bind(library, "curl_multi_poll", curl.multi_poll) &&
      Bind(library, "curl_multi_wakeup", curl.multi_wakeup) &&
      Bind(library, "curl_multi_info_read", curl.multi_info_read);
  if (!whole) return base::Fail(base::ErrorCode::kInternal, "{} is too old, expected 7.85 or newer", kLibrary);
  if (curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return base::Fail(base::ErrorCode::kInternal, "{} cannot be initialised", kLibrary);
  }
  return curl;
}

}  // namespace

base::Result<const CurlLibrary*> LoadCurl() {
  static const base::Result<CurlLibrary> library = Load();
  if (!library) return tl::unexpected(library.error());
  return &*library;
}

}  // namespace tidemill::http
