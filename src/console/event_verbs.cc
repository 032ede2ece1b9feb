// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"
#include "tidemill/prefect/stream.h"

#include "handlers.h"
#include "table.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Status;
using prefect::TextIn;

std::string EventLine(const json::value& event, bool as_json) {
  if (as_json) return prefect::ToText(event) + "\n";
  const json::value* id = prefect::ObjectIn(event, "resource").if_contains("prefect.resource.id");
  return Printable(fmt::format("{} {} {}", TextIn(event, "occurred"), TextIn(event, "event"),
                               id != nullptr ? prefect::AsText(*id) : std::string())) +
         "\n";
}

}  // namespace

Status StreamEvents(const Context& context) {
  const std::string format = context.Text("format");
  if (format != "json" && format != "text")
    return base::Fail(ErrorCode::kInvalid, "--format is {}: expected json or text", base::Quoted(format));
  const bool as_json = context.as_json || format == "json";
  prefect::EventStream events(context.client().settings(), context.client().clock());
  for (;;) {
    auto event = events.Next(context.around.stop);
    if (!event && context.around.stop.stop_requested()) return {};  // Ctrl-C is how it ends
    if (!event) return tl::unexpected(std::move(event).error());
    const std::string line = EventLine(*event, as_json);
    if (context.Has("output-file")) {
      TIDEMILL_CHECK(context.around.append_file(context.Text("output-file"), line));
    } else {
      context.around.print(line);
    }
    if (context.Has("run-once")) return {};
  }
}

}  // namespace tidemill::console
