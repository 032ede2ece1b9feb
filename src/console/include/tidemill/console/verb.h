// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/prefect/client.h"

// The commands that ask a server, as a table: words, what may be typed, and what is asked and shown. Parsing a command
// line is the caller's.
namespace tidemill::console {

enum class Kind : std::uint8_t {
  kText,
  kJson,    // JSON, else a text
  kObject,  // a file that holds a JSON object, or one as it stands
  kInt,
  kList,   // repeatable
  kPairs,  // repeatable, NAME=VALUE; the value as kJson
  kFlag,   // true where it is given
  kRaw,    // all that was typed behind it; not sent by itself
};

struct Option {
  std::string_view names;  // "-l,--limit", or "NAME" for what stands without a name; "NAME?" may be left away
  std::string_view help;
  Kind kind = Kind::kText;
  std::string_view member = {};  // of the body that it sets; none: it is for the path or the handler
  bool required = false;
  std::string_view otherwise = {};  // what it is when nobody says

  // By which it is asked for: "limit", "NAME".
  std::string key() const;
};

// What was typed, by key.
class Arguments {
 public:
  void Add(const std::string& key, std::vector<std::string> values) { values_[key] = std::move(values); }
  bool Has(const std::string& key) const { return values_.count(key) != 0; }
  std::string Text(const std::string& key, std::string_view otherwise = {}) const;
  const std::vector<std::string>& List(const std::string& key) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

// What `deployment build` has to know of a flow.
struct FlowFacts {
  std::string flow_name, version;
  prefect::json::value parameter_schema;
};

// What the commands may use. All must outlive the call.
struct Surroundings {
  const prefect::Client& client;
  const prefect::Environment& environment;
  std::function<void(std::string_view)> print;  // results, whole lines
  std::function<void(std::string_view)> note;   // what a person is told besides, whole lines
  std::function<base::Result<FlowFacts>(const std::string& entrypoint)> describe_flow;
  std::function<base::Result<std::string>(const std::string& file)> read_file;  // "-": standard input
  std::function<base::Status(const std::string& file, std::string_view text)> write_file;
  std::function<base::Status(const std::string& file, std::string_view text)> append_file;
  std::string folder;  // the current one
  std::stop_token stop = {};
};

struct Verb;
struct Context {
  const Verb& verb;
  const Arguments& arguments;
  const Surroundings& around;
  bool as_json = false;

  std::string Text(const std::string& key) const { return arguments.Text(key); }
  bool Has(const std::string& key) const { return arguments.Has(key); }
  const prefect::Client& client() const { return around.client; }
  prefect::AskOptions ask() const { return {.stop = around.stop}; }
  void Print(std::string_view line) const { around.print(std::string(line) + "\n"); }
  void Note(std::string_view line) const { around.note(std::string(line) + "\n"); }
};
using Handler = base::Status (*)(const Context&);

// One command. Without a handler: `method` on `path` (with {NAME} from the arguments) with `body` and what the options
// set in it; shown as a table of `columns` ("Title=path|…") where there are some, else by `said`, else as JSON.
struct Verb {
  std::string_view group, name, help;
  std::span<const Option> options = {};
  std::string_view method = {}, path = {}, body = {}, columns = {}, said = {};
  Handler handler = nullptr;
  std::string_view example = {};
};
std::span<const Verb> Verbs();
// How it may be typed: its own example, else its name with all that it must be told.
std::string ExampleOf(const Verb& verb);
// What the groups are for: "work-pool" -> "pools of work and their workers".
std::string_view HelpOfGroup(std::string_view group);

base::Status RunVerb(const Context& context);

}  // namespace tidemill::console
