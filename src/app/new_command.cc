// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/text.h"
#include "tidemill/transform/draft_formats.h"

#include "commands.h"
#include "draft_source.h"
#include "files.h"
#include "signals.h"

namespace tidemill::app {
namespace {

constexpr int kLeftToDecide = 3;
constexpr int kUnsure = 4;

struct NewArguments {
  DraftSourceArguments source;
  std::string out, sheet, axis, name, title, publisher;
  int header = 0;
  bool json = false;
};

base::Result<transform::Draft> DraftOf(const NewArguments& arguments, const SignalStop& signals) {
  if (!arguments.name.empty() && !recipe::MayNameRecipe(arguments.name)) {
    return base::FailAt(base::ErrorCode::kInvalid, "--name",
                        "{} names no recipe, expected parts of a-z, 0-9 and '-' joined by '/', such as ons/deaths",
                        base::Quoted(arguments.name));
  }
  TIDEMILL_ASSIGN(ReadySource ready, ReadDraftSource(arguments.source, signals.token()));
  transform::DraftOptions options = std::move(ready.options);
  if (!ready.decision.about.empty() && !ready.decision.sure()) {
    transform::Draft unsure;
    unsure.decisions.push_back(std::move(ready.decision));
    return unsure;
  }
  options.sheet = arguments.sheet;
  options.axis = arguments.axis;
  options.title = arguments.title;
  options.publisher = arguments.publisher;
  if (!arguments.name.empty()) options.name = arguments.name;
  if (arguments.header > 0) options.header = arguments.header;
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  TIDEMILL_ASSIGN(transform::Draft draft, transform::DraftRecipe(ready.bytes, options, geography, {}, signals.token()));
  if (!ready.decision.about.empty()) draft.decisions.insert(draft.decisions.begin(), std::move(ready.decision));
  return draft;
}

int New(const NewArguments& arguments) {
  const SignalStop signals;
  const auto draft = DraftOf(arguments, signals);
  if (!draft) return Complain(draft.error());
  if (!draft->unsure() && !arguments.out.empty()) {
    const base::Status written = WriteFile(arguments.out, draft->toml);
    if (!written) return Complain(written.error());
  }
  if (arguments.json) {
    fmt::print("{}\n", transform::ToJson(*draft));
  } else {
    // The recipe alone on standard output, so that it can be sent on.
    if (!draft->unsure() && arguments.out.empty()) fmt::print("{}", draft->toml);
    fmt::print(stderr, "{}", transform::ToText(*draft));
    if (!draft->unsure() && !arguments.out.empty()) fmt::print(stderr, "{} written\n", arguments.out);
  }
  if (draft->unsure()) return kUnsure;
  return draft->left.empty() ? 0 : kLeftToDecide;
}

}  // namespace

void AddNewCommand(CLI::App& recipes, Command& chosen) {
  auto arguments = std::make_shared<NewArguments>();
  CLI::App* command = recipes.add_subcommand("new", "draft a recipe from a publisher's page or from workbooks");
  command->footer("Example:\n  tidemill recipe new publishedannual2018.xls -o deaths.toml");
  command
      ->add_option(
          "WHERE", arguments->source.where,
          "a page with links to workbooks, the address of one, or files of one series (the first is drafted from)")
      ->required();
  command->add_option("-o,--out", arguments->out, "write the draft to this file; else it goes to standard output");
  command->add_option("--sheet", arguments->sheet, "settles: the sheet with the table");
  command->add_option("--header", arguments->header, "settles: the row of the header, from 1; of several the lowest")
      ->check(CLI::Range(1, 1'048'576));
  command->add_option("--axis", arguments->axis, "settles: what stands across, or none")
      ->check(CLI::IsMember({"month", "quarter", "year", "fiscal-year", "week", "date", "age-band", "none"}));
  command->add_option("--link", arguments->source.link, "settles: the pattern of the links on the page");
  command->add_option("--set", arguments->source.set, "NAME=VALUE: a capture, such as year=2018 (repeatable)")
      ->expected(1)
      ->take_all();
  command->add_option("--name", arguments->name, "the recipe's name, as office/series");
  command->add_option("--title", arguments->title, "the dataset's title; else the sheet's");
  command->add_option("--publisher", arguments->publisher, "who publishes");
  command->add_option("--store", arguments->source.store, "folder in which what is downloaded is kept")
      ->envname("TIDEMILL_STORE")
      ->capture_default_str();
  command->add_option("--contact", arguments->source.contact, "whom the publisher may write to; part of the User-Agent")
      ->envname("TIDEMILL_CONTACT");
  command->add_option("--pause", arguments->source.pause_seconds, "seconds between two requests")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "the draft and its decisions as JSON on standard output");
  command->callback([&chosen, arguments] { chosen = [arguments] { return New(*arguments); }; });
}

}  // namespace tidemill::app
