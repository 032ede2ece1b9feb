// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/vintages/{vintage}/diff, with and without an extension.
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "answer.h"
#include "data_answer.h"
#include "query_problem.h"
#include "vintage_name.h"

namespace tidemill::data_api {
namespace {

std::string_view ValueOf(const std::vector<query::Parameter>& parameters, std::string_view name) {
  for (const query::Parameter& parameter : parameters) {
    if (parameter.name == name) return parameter.value;
  }
  return {};
}

struct Pair {
  std::int64_t from = 0, to = 0;
  std::shared_ptr<const query::Difference> difference;
};

// The version before, by number: there may be gaps where the log was cleaned up.
tl::expected<std::int64_t, Problem> Previous(const LoadedDataset& newest, std::int64_t number) {
  const auto versions = newest.vintages->List();
  if (!versions) return tl::unexpected(ToProblem(versions.error()));
  std::int64_t previous = -1;
  for (const dataset::Version& version : **versions) {
    if (version.number < number) previous = std::max(previous, version.number);
  }
  if (previous >= 0) return previous;
  return tl::unexpected(
      Problem{"no-vintage",
              fmt::format("{} has no version before {}; name one to compare with: against=N", newest.id, number),
              {{"valid", base::JsonString(newest.Url() + "/vintages")}}});
}

tl::expected<Pair, Problem> FindPair(const LoadedDataset& newest, std::string_view to, std::string_view against) {
  Pair pair;
  const auto number = FindVintage(newest, to);
  if (!number) return tl::unexpected(number.error());
  pair.to = *number;
  const bool previous = against.empty() || against == "previous";
  const auto from = previous ? Previous(newest, pair.to) : FindVintage(newest, against);
  if (!from) return tl::unexpected(from.error());
  pair.from = *from;
  auto difference = newest.vintages->Compare(pair.from, pair.to);
  if (!difference) return tl::unexpected(ToProblem(difference.error()));
  pair.difference = *std::move(difference);
  return pair;
}

std::string_view ExtensionOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t dot = path.find('.', slash);
  return dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
}

}  // namespace

http::Response AnswerDiff(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto parameters = query::SplitQuery(question.request.query);
  if (!parameters) return refuse(ToProblem(parameters.error(), *newest));
  const std::string_view wanted = ValueOf(*parameters, "format");
  const auto format = ChooseFormat(question.request, ExtensionOf(question.request.path), wanted);
  if (!format) return refuse(format.error());
  const auto pair = FindPair(*newest, question.path_values[1], ValueOf(*parameters, "against"));
  if (!pair) return refuse(pair.error());
  query::ParseOptions options{.newest = newest->snapshot->cube.get(), .passed = {"against", "format"}};
  std::erase_if(options.reserved, [](std::string_view name) { return name == "last" || name == "labels"; });
  const auto query = query::ParseQuery(*parameters, *pair->difference->cube, options);
  if (!query) return refuse(ToProblem(query.error(), *newest));
  auto dataset = pair->to == newest->vintage ? base::Result<std::shared_ptr<const LoadedDataset>>(newest)
                                             : newest->vintages->Load(pair->to);
  if (!dataset) return refuse(ToProblem(dataset.error()));
  ChosenVintage vintage{.dataset = *dataset, .cube = pair->difference->cube};
  const query::Difference& difference = *pair->difference;
  vintage.pinned = question.path_values[1] == std::to_string(pair->to);
  vintage.canonical = fmt::format("against={}", pair->from);
  vintage.as_given = vintage.canonical;
  return AnswerRows(
      {.question = question,
       .vintage = vintage,
       .route = fmt::format("{}/vintages/{}/diff", newest->Url(), pair->to),
       .format = *format,
       .query = *query,
       .file_name = fmt::format("{}-{}-{}", newest->id, pair->from, pair->to),
       .envelope = fmt::format(R"("dataset":"{}","from":{},"to":{},"added":{},"revised":{},"removed":{},)", newest->id,
                               pair->from, pair->to, difference.added, difference.revised, difference.removed),
       .pinned = vintage.canonical,
       .scope = vintage.canonical});
}

}  // namespace tidemill::data_api
