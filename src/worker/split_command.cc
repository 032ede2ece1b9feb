// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"
#include "tidemill/worker/process.h"

namespace tidemill::worker {

base::Result<std::vector<std::string>> SplitCommand(std::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote != '\0') {
      if (c == quote) {
        quote = '\0';
      } else if (c == '\\' && quote == '"' && i + 1 < command.size()) {
        word += command[++i];
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      begun = true;
    } else if (c == '\\' && i + 1 < command.size()) {
      word += command[++i];
      begun = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (begun) words.push_back(std::exchange(word, {}));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (quote != '\0') {
    return base::Fail(base::ErrorCode::kInvalid, "the command {} has a quote that is not closed",
                      base::Quoted(command));
  }
  if (begun) words.push_back(std::move(word));
  return words;
}

}  // namespace tidemill::worker
