// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/google_sign_in.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/file_store.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"

#include "caller.h"
#include "json.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using base::Result;
namespace json = boost::json;

constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kTokenUri = "https://oauth2.googleapis.com/token";
constexpr std::string_view kPlace = "Google's sign-in";
constexpr int kAttemptsOfGuess = 3;
constexpr auto kSpare = std::chrono::seconds(120);  // before its end a token is no longer used

// A token as Google gives it out, for requests of one kind.
class Source {
 public:
  virtual ~Source() = default;
  virtual Result<http::ClientRequest> TokenRequest(base::Time now) const = 0;
  virtual Result<std::string> Project(const Caller& caller) const = 0;
  // Whether it is only hoped to be there.
  virtual bool guessed() const { return false; }
};

http::ClientRequest FormRequest(const std::string& url, const std::string& form) {
  return {.method = "POST",
          .url = url,
          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
          .body = form,
          .most_redirects = 0};
}

// A key of a service account: signs a claim that is changed for a token.
class ServiceAccount final : public Source {
 public:
  explicit ServiceAccount(const json::object& key)
      : email_(Text(key, "client_email")),
        private_key_(Text(key, "private_key")),
        key_id_(Text(key, "private_key_id")),
        token_uri_(Text(key, "token_uri")),
        project_(Text(key, "project_id")) {
    if (token_uri_.empty()) token_uri_ = kTokenUri;
  }
  bool whole() const { return !email_.empty() && !private_key_.empty(); }

  Result<http::ClientRequest> TokenRequest(base::Time now) const override {
    const auto at = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
    const json::object header{{"alg", "RS256"}, {"typ", "JWT"}, {"kid", key_id_}};
    const json::object claim{{"iss", email_},
                             {"scope", {kScope.data(), kScope.size()}},
                             {"aud", token_uri_},
                             {"iat", at},
                             {"exp", at + 3600}};
    const std::string text = base::Base64Url(json::serialize(header)) + "." + base::Base64Url(json::serialize(claim));
    TIDEMILL_ASSIGN(const std::string signature, base::SignRs256(private_key_, text));
    return FormRequest(token_uri_, "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" +
                                       text + "." + base::Base64Url(signature));
  }
  Result<std::string> Project(const Caller& /*caller*/) const override { return project_; }

 private:
  std::string email_, private_key_, key_id_, token_uri_, project_;
};

// What `gcloud auth application-default login` leaves.
class User final : public Source {
 public:
  explicit User(const json::object& key)
      : client_id_(Text(key, "client_id")),
        client_secret_(Text(key, "client_secret")),
        refresh_token_(Text(key, "refresh_token")),
        token_uri_(Text(key, "token_uri")),
        project_(Text(key, "quota_project_id")) {
    if (token_uri_.empty()) token_uri_ = kTokenUri;
  }
  bool whole() const { return !client_id_.empty() && !refresh_token_.empty(); }

  Result<http::ClientRequest> TokenRequest(base::Time /*now*/) const override {
    return FormRequest(token_uri_,
                       fmt::format("grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
                                   base::PercentEncode(client_id_), base::PercentEncode(client_secret_),
                                   base::PercentEncode(refresh_token_)));
  }
  Result<std::string> Project(const Caller& /*caller*/) const override { return project_; }

 private:
  std::string client_id_, client_secret_, refresh_token_, token_uri_, project_;
};

// A machine of Google's asks its metadata server.
class Machine final : public Source {
 public:
  explicit Machine(const std::string& host)
      : address_(fmt::format("http://{}/computeMetadata/v1/", host.empty() ? "metadata.google.internal" : host)) {}

  Result<http::ClientRequest> TokenRequest(base::Time /*now*/) const override {
    return Ask("instance/service-accounts/default/token");
  }
  bool guessed() const override { return true; }
  Result<std::string> Project(const Caller& caller) const override {
    TIDEMILL_ASSIGN(Answer answer, caller.Send(Ask("project/project-id"), std::string(kPlace)));
    if (answer.response.status != 200) return FailOnAnswer(answer.response, std::string(kPlace), "ask for the project");
    return std::string(base::Trim(answer.response.body));
  }

 private:
  http::ClientRequest Ask(const std::string& what) const {
    return {.url = address_ + what,
            .headers = {{"Metadata-Flavor", "Google"}},
            .connect_timeout = std::chrono::milliseconds(3'000),
            .timeout = std::chrono::milliseconds(10'000),
            .most_redirects = 0};
  }
  std::string address_;
};

class SignIn final : public GoogleSignIn {
 public:
  SignIn(const Means& means, std::unique_ptr<Source> source)
      : source_(std::move(source)),
        caller_(means, [](http::ClientRequest& /*request*/) { return base::Status(); }),
        project_(means.environment("GOOGLE_CLOUD_PROJECT")) {}

  Result<std::string> Token() override {
    const base::Time now = caller_.means().clock->Now();
    {
      const std::lock_guard lock(mutex_);
      if (!token_.empty() && now < until_) return token_;
    }
    TIDEMILL_ASSIGN(const json::object given, Fetch(now));
    std::string token = Text(given, "access_token");
    if (token.empty() || token.find_first_of("\r\n") != std::string::npos) {
      return base::FailAt(ErrorCode::kUnauthenticated, std::string(kPlace), "the answer holds no token");
    }
    const auto life = std::chrono::seconds(std::clamp<std::int64_t>(Number(given, "expires_in", 3600), 0, 86'400));
    const std::lock_guard lock(mutex_);
    token_ = token;
    until_ = now + life - std::min<std::chrono::seconds>(kSpare, life / 2);
    return token;
  }

  void Forget() override {
    const std::lock_guard lock(mutex_);
    token_.clear();
  }

  Result<std::string> Project() override {
    if (!project_.empty()) return project_;
    return source_->Project(caller_);
  }

 private:
  // Google answers 400 to a claim or refresh token that it does not take.
  Result<json::object> Fetch(base::Time now) const {
    const std::string place(kPlace);
    TIDEMILL_ASSIGN(const http::ClientRequest request, source_->TokenRequest(now));
    const auto sent = caller_.Send(request, place, source_->guessed() ? kAttemptsOfGuess : Caller::kMostAttempts);
    if (!sent && source_->guessed() && sent.error().code != ErrorCode::kCancelled) {
      return base::FailAt(ErrorCode::kUnauthenticated, place,
                          "no key and no metadata server ({}): set GOOGLE_APPLICATION_CREDENTIALS to a key file, run "
                          "`gcloud auth application-default login`, or run on a machine of Google's",
                          sent.error().message);
    }
    if (!sent) return tl::unexpected(sent.error());
    const Answer& answer = *sent;
    if (answer.response.status == 200) return ParseObject(answer.response.body, place);
    base::Error error = FailOnAnswer(answer.response, place, "get a token").value();
    if (answer.response.status / 100 == 4) error.code = ErrorCode::kUnauthenticated;
    return tl::unexpected(std::move(error));
  }

  std::unique_ptr<Source> source_;
  Caller caller_;
  std::string project_;
  std::mutex mutex_;
  std::string token_;   // guarded by mutex_
  base::Time until_{};  // guarded by mutex_
};

template <class Kind>
Result<std::unique_ptr<Source>> WholeOne(const json::object& key, const std::string& place, const char* members) {
  auto source = std::make_unique<Kind>(key);
  if (!source->whole()) return base::FailAt(ErrorCode::kInvalid, place, "the key lacks members, expected {}", members);
  return source;
}

Result<std::unique_ptr<Source>> SourceOf(std::string_view text, const std::string& place) {
  TIDEMILL_ASSIGN(const json::object key, ParseObject(text, place));
  const std::string type = Text(key, "type");
  if (type == "service_account") return WholeOne<ServiceAccount>(key, place, "client_email and private_key");
  if (type == "authorized_user") return WholeOne<User>(key, place, "client_id, client_secret and refresh_token");
  return base::FailAt(ErrorCode::kUnsupported, place,
                      "is a key of the type {}, expected service_account or authorized_user", base::Quoted(type));
}

Result<std::string> ReadKey(const std::string& file) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : file.substr(0, slash);
  TIDEMILL_ASSIGN(const auto store, base::OpenLocalStore(folder));
  return store->Read(slash == std::string::npos ? file : file.substr(slash + 1), kMostBytes);
}

std::string ExpandHome(const std::string& file, const Means& means) {
  return file.starts_with("~/") ? means.environment("HOME") + file.substr(1) : file;
}

Result<std::unique_ptr<Source>> FindSource(const Means& means, const GoogleKey& key) {
  if (!key.file.empty() && !key.info.empty()) {
    return base::Fail(ErrorCode::kInvalid, "a key is given as a file and as text, expected one of them");
  }
  if (!key.info.empty()) return SourceOf(key.info, "service_account_info");
  std::string file = key.file.empty() ? means.environment("GOOGLE_APPLICATION_CREDENTIALS") : key.file;
  if (!file.empty()) {
    file = ExpandHome(file, means);
    TIDEMILL_ASSIGN(const std::string text, ReadKey(file));
    return SourceOf(text, file);
  }
  const std::string config = means.environment("CLOUDSDK_CONFIG");
  file = (config.empty() ? means.environment("HOME") + "/.config/gcloud" : config) +
         "/application_default_credentials.json";
  const auto text = ReadKey(file);
  if (text) return SourceOf(*text, file);
  if (text.error().code != ErrorCode::kNotFound) return tl::unexpected(text.error());
  return std::make_unique<Machine>(means.environment("GCE_METADATA_HOST"));
}

}  // namespace

Result<std::unique_ptr<GoogleSignIn>> OpenGoogleSignIn(const Means& means, const GoogleKey& key) {
  TIDEMILL_ASSIGN(auto source, FindSource(means, key));
  return std::make_unique<SignIn>(means, std::move(source));
}

}  // namespace tidemill::cloud
