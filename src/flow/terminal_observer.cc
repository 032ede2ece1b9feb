// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/terminal_observer.h"

#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "tidemill/flow/identity.h"

#include "board.h"
#include "line.h"

namespace tidemill::flow {
namespace {

constexpr std::string_view kClearLine = "\r\x1b[K";
constexpr std::chrono::milliseconds kBetweenDrawings{100};

std::string_view ColourOf(LogLevel level) {
  if (level >= LogLevel::kError) return "\x1b[31m";
  return level >= LogLevel::kWarning ? "\x1b[33m" : "";
}

LogLevel LevelOf(const State& state) {
  if (state.type == StateType::kCompleted) return LogLevel::kInfo;
  if (state.type == StateType::kCancelled || state.name == "Held") return LogLevel::kWarning;
  return LogLevel::kError;
}

}  // namespace

std::function<void(std::string_view)> WriteTo(std::FILE* file) {
  return [file](std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), file);
    std::fflush(file);
  };
}

struct TerminalObserver::Impl {
  const TerminalOptions options;
  const base::Clock& clock;
  const std::function<double()> random;
  std::mutex mutex = {};
  Board board = {};
  std::string drawn = {};         // the live line as it stands
  std::string last_problem = {};  // one error passes several levels; its text is shown at the first
  std::jthread drawer = {};

  void Line(LogLevel level, base::Time time, std::string_view where, std::string_view text);
  void Clear();
  void Draw();
  void EndFlow(const std::string& id, const State& state);
  void EndTask(const TaskRunEvent& event);
  std::string Outcome(const State& state, base::Time begun_at);
};

void TerminalObserver::Impl::Clear() {
  if (drawn.empty()) return;
  drawn.clear();
  options.write(kClearLine);
}

void TerminalObserver::Impl::Draw() {
  const std::string text = CutTo(ForTerminal(board.LiveText(clock.Now())), options.columns - 1);
  if (text.empty() || text == drawn) return;
  drawn = text;
  options.write(fmt::format("{}{}", kClearLine, text));
}

void TerminalObserver::Impl::Line(LogLevel level, base::Time time, std::string_view where, std::string_view text) {
  if (level < options.level || (options.quiet && level < LogLevel::kWarning)) return;
  Clear();
  const std::string_view colour = options.colour ? ColourOf(level) : "";
  const std::string stamp = options.times ? Clock24(time, options.utc_offset) + " | " : "";
  options.write(fmt::format("{}{}{}{} | {} | {}\n", stamp, colour, LevelName(level), colour.empty() ? "" : "\x1b[0m",
                            ForTerminal(where), ForTerminal(text)));
}

std::string TerminalObserver::Impl::Outcome(const State& state, base::Time begun_at) {
  std::string text = fmt::format("{} in {}", state.name, Lasted(state.timestamp - begun_at));
  if (state.message.empty() || state.message == last_problem) return text;
  last_problem = state.message;
  return fmt::format("{}: {}", text, state.message);
}

void TerminalObserver::Impl::EndFlow(const std::string& id, const State& state) {
  Line(LevelOf(state), state.timestamp, board.PathOf(id), Outcome(state, board.BegunAt(id)));
  board.RemoveFlow(id);
  if (board.empty()) Clear();
}

void TerminalObserver::Impl::EndTask(const TaskRunEvent& event) {
  const Board::TaskRow& task = board.TaskOf(event);
  if (event.state.type != StateType::kCompleted || !task.spoke) {
    Line(LevelOf(event.state), event.state.timestamp, board.PathOf(event.flow_run_id),
         fmt::format("{}: {}", task.label, Outcome(event.state, task.begun_at)));
  }
  board.RemoveTask(event.id);
}

TerminalObserver::TerminalObserver(TerminalOptions options, const base::Clock& clock, std::function<double()> random)
    : impl_(new Impl{.options = std::move(options), .clock = clock, .random = std::move(random)}) {
  if (!impl_->options.live || impl_->options.quiet || impl_->options.columns < 2) return;
  try {
    impl_->drawer = std::jthread([impl = impl_.get()](const std::stop_token& stop) {
      while (impl->clock.WaitUntil(impl->clock.Now() + kBetweenDrawings, stop)) {
        const std::lock_guard lock(impl->mutex);
        impl->Draw();
      }
    });
  } catch (const std::system_error&) {  // no thread to be had: the lines tell it without a live one
  }
}

TerminalObserver::~TerminalObserver() {
  impl_->drawer = {};
  impl_->Clear();
}

base::Result<FlowRunInfo> TerminalObserver::BeginFlowRun(const FlowRunSpec& spec) {
  const std::lock_guard lock(impl_->mutex);
  FlowRunInfo run = MakeFlowRunInfo(impl_->random);
  const base::Time now = impl_->clock.Now();
  impl_->board.AddFlow(spec, run, now);
  if (impl_->board.IsRoot(run.id))
    impl_->Line(LogLevel::kInfo, now, spec.flow_name, fmt::format("begins run '{}'", run.name));
  return run;
}

base::Result<Answer> TerminalObserver::Propose(const std::string& flow_run_id, const State& state) {
  const std::lock_guard lock(impl_->mutex);
  if (IsFinal(state.type)) impl_->EndFlow(flow_run_id, state);
  return Answer{.kind = Answer::Kind::kAccept, .state = state, .delay = {}, .reason = {}};
}

void TerminalObserver::TaskStateChanged(const TaskRunEvent& event) noexcept {
  const std::lock_guard lock(impl_->mutex);
  if (IsFinal(event.state.type)) return impl_->EndTask(event);
  const Board::TaskRow& task = impl_->board.TaskOf(event);
  if (event.state.name != "AwaitingRetry") return;
  impl_->Line(LogLevel::kWarning, event.state.timestamp, impl_->board.PathOf(event.flow_run_id),
              fmt::format("{}: attempt {} failed, {}", task.label, event.attempt, event.state.message));
}

void TerminalObserver::Logged(const LogRecord& record) noexcept {
  const std::lock_guard lock(impl_->mutex);
  const std::string path = impl_->board.PathOf(record.flow_run_id);
  Board::TaskRow* task = impl_->board.FindTask(record.task_run_id);
  if (task == nullptr) return impl_->Line(record.level, record.time, path, record.text);
  task->spoke = task->spoke || record.level >= impl_->options.level;
  impl_->Line(record.level, record.time, path, fmt::format("{}: {}", task->label, record.text));
}

void TerminalObserver::Progressed(const Progress& progress) noexcept {
  const std::lock_guard lock(impl_->mutex);
  Board::TaskRow* task = impl_->board.FindTask(progress.task_run_id);
  if (task == nullptr) return;
  task->done = progress.done;
  task->of = progress.of;
}

void TerminalObserver::Made(const Artifact& /*artifact*/) noexcept {}

void TerminalObserver::Flush(std::chrono::milliseconds /*limit*/) noexcept {
  const std::lock_guard lock(impl_->mutex);
  impl_->Clear();
}

}  // namespace tidemill::flow
