// SPDX-License-Identifier: Apache-2.0
#include "long_answers.h"

#include <utility>

#include "tidemill/base/text.h"
#include "tidemill/http/yielding_pieces.h"

#include "answer.h"
#include "shared_body.h"

namespace tidemill::data_api {
namespace {

std::string ETagIn(const http::Headers& headers) {
  for (const auto& [name, value] : headers) {
    if (name == "ETag") return value;
  }
  return {};
}

// The request that a name was made of, as far as its answer depends on it.
http::Request RequestOf(std::string_view name) {
  const auto lines = base::Split(name, '\n');
  const std::string_view target = lines[1];
  const std::size_t query = target.find('?');
  return {.method = "GET",
          .target = target,
          .path = target.substr(0, query),
          .query = query == std::string_view::npos ? std::string_view() : target.substr(query + 1),
          .fields = {{"Accept", lines[2]}, {"Accept-Encoding", lines[3]}}};
}

base::Result<SharedBody::Pieces> MakePieces(const std::string& name, const LongAnswers::Make& make) {
  http::Response response = make(RequestOf(name));
  if (response.status == 200 && response.next_piece) return std::move(response.next_piece);
  return base::Fail(base::ErrorCode::kInternal, "made anew, the answer has the status {} and no long body",
                    response.status);
}

}  // namespace

std::string KeyOf(const http::Request& request) {
  std::string key(request.target);
  key += '\n';
  key += http::FieldList(request, "Accept");
  key += '\n';
  key += http::FieldList(request, "Accept-Encoding");
  return key;
}

// An answer in the making.
class LongAnswers::Work {
 public:
  Work(std::shared_ptr<LongAnswers> all, std::string name, http::Response& response, Take take)
      : name_(std::move(name)),
        head_{.status = response.status, .headers = response.headers, .body = {}, .shared = {}},
        etag_(ETagIn(response.headers)),
        take_(std::move(take)),
        body_(std::move(response.next_piece), kMostBytesEach,
              [this, all = std::move(all)](SharedBody::End end) { OnEnd(*all, end); }) {}

  const std::string& name() const { return name_; }
  const http::Response& head() const { return head_; }
  const std::string& etag() const { return etag_; }
  SharedBody& body() { return body_; }

  // More than one ask for it.
  void Want() {
    wanted_ = true;
    TakeIfDue();
  }

 private:
  void OnEnd(LongAnswers& all, SharedBody::End end) {
    if (end != SharedBody::End::kWhole) return all.TakeNoMore(*this, end == SharedBody::End::kTooLarge);
    whole_ = true;
    TakeIfDue();
  }
  void TakeIfDue() {
    if (!wanted_ || !whole_ || taken_.exchange(true)) return;
    if (auto text = body_.Text()) take_(head_, *std::move(text));
  }

  const std::string name_;
  const http::Response head_;
  const std::string etag_;
  const Take take_;
  std::atomic<bool> wanted_{false}, whole_{false}, taken_{false};
  SharedBody body_;
};

std::shared_ptr<LongAnswers::Work> LongAnswers::Find(const std::string& name) const {
  for (const auto& weak : works_) {
    auto work = weak.lock();
    if (work && work->name() == name) return work;
  }
  return nullptr;
}

std::shared_ptr<LongAnswers::Work> LongAnswers::Add(const std::string& name, http::Response& response, Take take) {
  std::erase_if(works_, [](const auto& work) { return work.expired(); });
  if (works_.size() >= kMostShared) {
    if (const auto oldest = works_.front().lock()) oldest->body().Part();
    works_.erase(works_.begin());
  }
  auto work = std::make_shared<Work>(shared_from_this(), name, response, std::move(take));
  works_.push_back(work);
  return work;
}

void LongAnswers::TakeNoMore(const Work& work, bool too_large) {
  const std::lock_guard lock(mutex_);
  std::erase_if(works_, [&](const auto& other) { return other.lock().get() == &work; });
  if (too_large) too_large_.Note(work.name());
}

http::Response LongAnswers::Read(std::shared_ptr<Work> work, Make make) {
  http::Response response = work->head();
  std::shared_ptr<SharedBody> body(work, &work->body());
  auto reader = std::make_shared<SharedReader>(
      std::move(body), [name = work->name(), make = std::move(make)] { return MakePieces(name, make); });
  response.next_piece =
      http::YieldingPieces{[reader](SharedBody::Again again) { return reader->Next(std::move(again)); }};
  return response;
}

std::optional<http::Response> LongAnswers::Join(const std::string& name, const http::Request& request,
                                                const Make& make) {
  std::shared_ptr<Work> work;
  {
    const std::lock_guard lock(mutex_);
    work = Find(name);
  }
  if (!work || MayBeFresh(request, work->etag())) return std::nullopt;
  ++joined_;
  work->Want();
  return Read(std::move(work), make);
}

http::Response LongAnswers::Begin(const std::string& name, http::Response response, bool asked_before, Take take,
                                  const Make& make) {
  std::shared_ptr<Work> work;
  bool joins = false;
  {
    const std::lock_guard lock(mutex_);
    work = Find(name);
    joins = work != nullptr;
    if (!joins && !too_large_.Has(name)) work = Add(name, response, std::move(take));
  }
  ++(joins ? joined_ : made_);
  if (!work) return response;
  if (joins || asked_before) work->Want();
  return Read(std::move(work), make);
}

}  // namespace tidemill::data_api
