// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "tidemill/console/verb.h"

#include "handlers.h"

namespace tidemill::console {
namespace {

constexpr Option kId{"ID", "as `ls` shows it", Kind::kText, "", true};
constexpr Option kName{"NAME", "of it", Kind::kText, "", true};
constexpr Option kLimit{"--limit", "rows at most", Kind::kInt, "limit"};
constexpr std::array kIdOnly{kId};
constexpr std::array kNameOnly{kName};
constexpr std::array kLimitOnly{kLimit};
constexpr std::array kAutomationOnly{Option{"AUTOMATION", "its name, or its ID", Kind::kText, "", true}};

constexpr std::array kRunLs{
    Option{"--flow-name", "only runs of this flow (repeatable)", Kind::kList},
    Option{"--state", "only runs in a state of this name (repeatable)", Kind::kList},
    Option{"--state-type", "only runs in a state of this type, such as FAILED (repeatable)", Kind::kList},
    Option{"--limit", "rows at most (15)", Kind::kInt},
};
constexpr std::array kRunLogs{
    kId,
    Option{"--head", "the first 20 lines", Kind::kFlag},
    Option{"-n,--num-logs", "so many lines", Kind::kInt},
    Option{"-r,--reverse", "newest first", Kind::kFlag},
    Option{"-f,--follow", "go on until the run ends", Kind::kFlag},
};
constexpr std::array kTaskLs{
    kLimit,
    Option{"--task-run-name", "only of these names (repeatable)", Kind::kList, "task_runs.name.any_"},
    Option{"--state-type", "only in a state of this type (repeatable)", Kind::kList, "task_runs.state.type.any_"},
    Option{"--flow-run", "only of this flow run's ID (repeatable)", Kind::kList, "flow_runs.id.any_"},
};

constexpr Option kCron{"--cron", "schedule: minute hour day month weekday", Kind::kText};
constexpr Option kInterval{"--interval", "schedule: every so many seconds", Kind::kText};
constexpr Option kAnchor{"--anchor-date", "what the intervals are counted from", Kind::kText};
constexpr Option kRrule{"--rrule", "schedule: an RFC 5545 rule, or JSON with rrule and timezone", Kind::kText};
constexpr Option kZone{"--timezone", "of the schedule, such as Europe/London", Kind::kText};
constexpr Option kDayOr{"--day_or,--day-or", "cron: day of month or weekday (true), or both (false)", Kind::kText};
constexpr Option kParam{"--param", "NAME=VALUE of a parameter, the value as JSON or text (repeatable)", Kind::kList};
constexpr Option kParams{"--params", "all parameters as a JSON object", Kind::kText};

constexpr std::array kBuild{
    Option{"ENTRYPOINT", "FILE:FLOW, such as recipes/ons/deaths-monthly.toml:main-flow", Kind::kText, "", true},
    Option{"-n,--name", "of the deployment", Kind::kText, "", true},
    Option{"-d,--description", "of the deployment", Kind::kText},
    Option{"-v,--version", "of the deployment; else made of the recipe's content", Kind::kText},
    Option{"-t,--tag", "of its runs (repeatable)", Kind::kList},
    Option{"-q,--work-queue", "that hands out its runs (default)", Kind::kText},
    Option{"-p,--pool", "the work pool whose workers run it", Kind::kText},
    Option{"-l,--limit", "runs of its queue at once", Kind::kInt},
    Option{"-i,--infra", "kind of infrastructure: process", Kind::kText},
    Option{"--infra-block", "or -ib: a saved infrastructure block, TYPE/NAME", Kind::kText},
    Option{"--override", "NAME=VALUE over the infrastructure's fields, such as env.KEY=VALUE (repeatable)",
           Kind::kList},
    Option{"--storage-block", "or -sb: a saved storage block, TYPE/NAME", Kind::kText},
    Option{"--skip-upload", "put nothing into the storage", Kind::kFlag},
    kCron,
    kInterval,
    kAnchor,
    kRrule,
    kZone,
    Option{"--path", "where the recipe lies when it is run; else this folder", Kind::kText},
    Option{"-o,--output", "file to write (FLOW-deployment.yaml)", Kind::kText},
    Option{"-a,--apply", "also create it on the server", Kind::kFlag},
    kParam,
    kParams,
};
constexpr std::array kApply{
    Option{"FILE...", "files that `deployment build` wrote", Kind::kList, "", true},
    Option{"--upload", "accepted; nothing is uploaded", Kind::kFlag},
    Option{"-l,--limit", "runs of its queue at once", Kind::kInt},
};
constexpr std::array kDeploy{
    Option{"ENTRYPOINT?", "FILE:FLOW; without it the deployments of the file", Kind::kText},
    Option{"-n,--name", "of the deployment", Kind::kText},
    Option{"-d,--description", "of the deployment", Kind::kText},
    Option{"-v,--version", "of the deployment", Kind::kText},
    Option{"-t,--tag", "of its runs (repeatable)", Kind::kList},
    Option{"-p,--pool", "the work pool whose workers run it", Kind::kText},
    Option{"-q,--work-queue", "of the pool", Kind::kText},
    Option{"--job-variable", "NAME=VALUE for the pool's job (repeatable)", Kind::kList},
    kCron,
    kInterval,
    kAnchor,
    kRrule,
    kZone,
    kParam,
    kParams,
    Option{"--all", "all deployments of the file", Kind::kFlag},
    Option{"--prefect-file", "the file (prefect.yaml)", Kind::kText},
};
constexpr Option kFlowAndName{"NAME", "FLOW/DEPLOYMENT", Kind::kText, "", true};
constexpr std::array kDeploymentOnly{kFlowAndName};
constexpr std::array kDeploymentOrId{Option{"NAME?", "FLOW/DEPLOYMENT", Kind::kText},
                                     Option{"--id", "of the deployment", Kind::kText}};
constexpr std::array kDeploymentLs{Option{"--flow-name", "only of this flow (repeatable)", Kind::kList}};
constexpr std::array kDeploymentRun{
    Option{"NAME?", "FLOW/DEPLOYMENT", Kind::kText},
    Option{"--id", "of the deployment, instead of its name", Kind::kText},
    Option{"-p,--param", "NAME=VALUE of a parameter (repeatable)", Kind::kList},
    Option{"--params", "parameters as a JSON object; - reads standard input", Kind::kText},
    Option{"--start-in", "such as '10 minutes'", Kind::kText},
    Option{"--start-at", "a date and time", Kind::kText},
    Option{"-t,--tag", "of the run (repeatable)", Kind::kList},
    Option{"--job-variable", "NAME=VALUE for its job (repeatable)", Kind::kList},
    Option{"--flow-run-name", "of the run", Kind::kText},
    Option{"--watch", "show its states until it ends", Kind::kFlag},
};
constexpr std::array kBackfill{
    kFlowAndName,
    Option{"--from", "first date to fill: 2006, 2006-01, 2006-01-31 or an instant", Kind::kText},
    Option{"--to", "last date, likewise; the whole of its year, month or day", Kind::kText},
    Option{"--every", "hour, day, week, month, quarter or year, instead of the deployment's schedule", Kind::kText},
    kCron,
    kInterval,
    kAnchor,
    kRrule,
    kZone,
    Option{"--edition", "an edition to fill, or 2006..2015, instead of dates (repeatable)", Kind::kList},
    Option{"--param",
           "NAME=VALUE; {year}, {month}, {day}, {date}, {instant} or {edition} stand for the slot's "
           "(repeatable)",
           Kind::kList},
    Option{"--parallel", "runs at once (1)", Kind::kInt},
    Option{"-t,--tag", "of the runs (repeatable)", Kind::kList},
    Option{"--dry-run", "show the slots, make nothing", Kind::kFlag},
};
constexpr std::array kFromFile{Option{"--from-file",
                                      "YAML or JSON of one automation or several; - reads standard "
                                      "input",
                                      Kind::kText},
                               Option{"--from-json", "JSON of it", Kind::kText}};
constexpr std::array kEventStream{
    Option{"--format", "json or text: one line an event", Kind::kText, "", false, "json"},
    Option{"--output-file", "append them to a file", Kind::kText},
    Option{"--run-once", "one event, then end", Kind::kFlag},
};
constexpr std::array kSetSchedule{kFlowAndName, kCron, kInterval, kAnchor, kRrule, kZone, kDayOr};
constexpr std::array kCreateSchedule{
    kFlowAndName,
    kCron,
    kInterval,
    kAnchor,
    kRrule,
    kZone,
    kDayOr,
    Option{"--no-active", "paused at first", Kind::kFlag},
    Option{"--replace", "instead of those that are there", Kind::kFlag},
};
constexpr std::array kOneSchedule{kFlowAndName,
                                  Option{"SCHEDULE", "its ID, as `schedule ls` shows it", Kind::kText, "", true}};

constexpr std::array kPoolCreate{
    Option{"NAME", "of the pool", Kind::kText, "name", true},
    Option{"-t,--type", "of its infrastructure: process, cloud-run, cloud-run-v2 (process)", Kind::kText, "type"},
    Option{"--base-job-template", "file with the template for its jobs as JSON; else that of the type", Kind::kObject,
           "base_job_template"},
    Option{"--description", "of the pool", Kind::kText, "description"},
    Option{"--paused", "hands nothing out at first", Kind::kFlag, "is_paused"},
};
constexpr std::array kPoolUpdate{
    kName,
    Option{"--concurrency-limit", "runs at once", Kind::kInt, "concurrency_limit"},
    Option{"--description", "of the pool", Kind::kText, "description"},
    Option{"--base-job-template", "file with the template for its jobs as JSON", Kind::kObject, "base_job_template"},
};
constexpr std::array kNameAndLimit{kName, Option{"LIMIT", "runs at once", Kind::kInt, "concurrency_limit", true}};
constexpr Option kPool{"-p,--pool", "whose queue it is", Kind::kText, "", false, "default-agent-pool"};
constexpr std::array kQueueLs{kPool, Option{"--limit", "rows at most", Kind::kInt, "limit"}};
constexpr std::array kQueueCreate{
    Option{"NAME", "of the queue", Kind::kText, "name", true},
    kPool,
    Option{"-l,--limit", "runs at once", Kind::kInt, "concurrency_limit"},
    Option{"--priority", "1 comes first", Kind::kInt, "priority"},
};
constexpr std::array kQueueOnly{kName, kPool};
constexpr std::array kQueueLimit{kName, Option{"LIMIT", "runs at once", Kind::kInt, "concurrency_limit", true}, kPool};

constexpr std::array kBlockCreate{
    Option{"BLOCK", "TYPE/NAME, such as gcs-bucket/etlapi-bucket", Kind::kText, "", true},
    Option{"--set", "NAME=VALUE of a field, the value as JSON or text (repeatable)", Kind::kList},
    Option{"--set-file", "NAME=FILE: a field from a file, secrets too; - reads standard input (repeatable)",
           Kind::kList},
    Option{"--ref", "NAME=TYPE/NAME: a field that is another block (repeatable)", Kind::kList},
    Option{"--overwrite", "change the block if it is there", Kind::kFlag},
};
constexpr std::array kBlockOnly{Option{"BLOCK", "TYPE/NAME", Kind::kText, "", true}};
constexpr std::array kVariableSet{
    kName,
    Option{"VALUE", "of the variable", Kind::kText, "", true},
    Option{"--overwrite", "change it if it is there", Kind::kFlag},
    Option{"--tag", "of the variable (repeatable)", Kind::kList},
};
constexpr std::array kTagOnly{Option{"TAG", "of the tasks", Kind::kText, "", true}};
constexpr std::array kLimitCreate{Option{"TAG", "of the tasks", Kind::kText, "tag", true},
                                  Option{"LIMIT", "task runs at once", Kind::kInt, "concurrency_limit", true}};
constexpr std::array kGlobalCreate{
    Option{"NAME", "of the limit", Kind::kText, "name", true},
    Option{"-l,--limit", "slots", Kind::kInt, "limit", true},
    Option{"--slot-decay-per-second", "how fast taken slots come back by themselves", Kind::kJson,
           "slot_decay_per_second"},
    Option{"--disable", "without effect at first", Kind::kFlag},
};
constexpr std::array kGlobalUpdate{
    kName,
    Option{"-l,--limit", "slots", Kind::kInt, "limit"},
    Option{"--slot-decay-per-second", "how fast taken slots come back by themselves", Kind::kJson,
           "slot_decay_per_second"},
};
constexpr std::array kArtifactKey{Option{"KEY", "of the artifact", Kind::kText, "", true}};
constexpr std::array kProfileCreate{kName, Option{"--from", "a profile to copy", Kind::kText}};
constexpr std::array kProfileRename{kName, Option{"NEW", "its new name", Kind::kText, "", true}};
constexpr std::array kSettings{Option{"SETTING...", "NAME=VALUE (set) or NAME (unset)", Kind::kList, "", true}};

constexpr std::string_view kDeploymentGroup = "deployment";
constexpr std::string_view kScheduleGroup = "deployment schedule";

constexpr std::array kVerbs{
    Verb{"flow", "ls", "flows that the server knows", kLimitOnly, "POST", "/flows/filter", R"({"sort":"CREATED_DESC"})",
         "ID=id|Name=name|Created=created"},

    Verb{.group = "flow-run", .name = "ls", .help = "runs, newest first", .options = kRunLs, .handler = ListFlowRuns},
    Verb{"flow-run", "inspect", "one run, all of it", kIdOnly, "GET", "/flow_runs/{ID}"},
    Verb{.group = "flow-run",
         .name = "logs",
         .help = "what a run wrote",
         .options = kRunLogs,
         .handler = ShowFlowRunLogs,
         .example = "tidemill flow-run logs ID --follow"},
    Verb{.group = "flow-run",
         .name = "watch",
         .help = "its states until it ends",
         .options = kIdOnly,
         .handler = WatchFlowRun},
    Verb{.group = "flow-run", .name = "cancel", .help = "end a run", .options = kIdOnly, .handler = CancelFlowRun},
    Verb{.group = "flow-run",
         .name = "retry",
         .help = "run one that has ended again",
         .options = kIdOnly,
         .handler = RetryFlowRun},
    Verb{"flow-run", "delete", "forget a run", kIdOnly, "DELETE", "/flow_runs/{ID}", "", "",
         "flow run {ID} is deleted"},

    Verb{"task-run", "ls", "task runs, newest first", kTaskLs, "POST", "/task_runs/filter",
         R"({"sort":"EXPECTED_START_TIME_DESC","limit":15})",
         "ID=id|Task=name|State=state_name|When=expected_start_time"},
    Verb{"task-run", "inspect", "one task run, all of it", kIdOnly, "GET", "/task_runs/{ID}"},

    Verb{.group = kDeploymentGroup,
         .name = "build",
         .help = "write a deployment's file",
         .options = kBuild,
         .handler = BuildDeployment,
         .example = "tidemill deployment build recipes/ons/deaths-monthly.toml:main-flow --name main-flow --cron "
                    "'0 0 * * *' -o main_flow-deployment.yaml --apply"},
    Verb{.group = kDeploymentGroup,
         .name = "apply",
         .help = "create or change deployments by their files",
         .options = kApply,
         .handler = ApplyDeployments,
         .example = "tidemill deployment apply main_flow-deployment.yaml"},
    Verb{.group = kDeploymentGroup,
         .name = "ls",
         .help = "deployments of the server",
         .options = kDeploymentLs,
         .handler = ListDeployments},
    Verb{.group = kDeploymentGroup,
         .name = "inspect",
         .help = "one deployment, all of it",
         .options = kDeploymentOnly,
         .handler = InspectDeployment},
    Verb{.group = kDeploymentGroup,
         .name = "run",
         .help = "make a run of it",
         .options = kDeploymentRun,
         .handler = RunDeployment,
         .example = "tidemill deployment run main-flow/main-flow --param min_year=2020 --watch"},
    Verb{.group = kDeploymentGroup,
         .name = "delete",
         .help = "delete a deployment",
         .options = kDeploymentOrId,
         .handler = DeleteDeployment},
    Verb{.group = kDeploymentGroup,
         .name = "backfill",
         .help = "runs for past dates or for editions, those that have none yet",
         .options = kBackfill,
         .handler = BackfillDeployment,
         .example =
             "tidemill deployment backfill main-flow/main-flow --from 2015 --to 2019-06 --every month --dry-run\n"
             "  tidemill deployment backfill main-flow/main-flow --edition 2006..2015 --param "
             "min_year={edition} --parallel 2"},
    Verb{.group = kDeploymentGroup,
         .name = "backfills",
         .help = "its backfills and how far they are",
         .options = kDeploymentOnly,
         .handler = ListBackfills},
    Verb{kDeploymentGroup, "backfill-inspect", "one backfill with its slots", kIdOnly, "GET", "/backfills/{ID}"},
    Verb{kDeploymentGroup, "backfill-end", "make no more of its runs; those that are there stay", kIdOnly, "DELETE",
         "/backfills/{ID}", "", "", "backfill {ID} makes no more runs"},
    Verb{.group = kDeploymentGroup,
         .name = "set-schedule",
         .help = "another schedule",
         .options = kSetSchedule,
         .handler = SetSchedule},
    Verb{.group = kDeploymentGroup,
         .name = "pause-schedule",
         .help = "no more scheduled runs",
         .options = kDeploymentOnly,
         .handler = PauseDeployment},
    Verb{.group = kDeploymentGroup,
         .name = "resume-schedule",
         .help = "scheduled runs again",
         .options = kDeploymentOnly,
         .handler = ResumeDeployment},
    Verb{.group = kScheduleGroup,
         .name = "ls",
         .help = "its schedules",
         .options = kDeploymentOnly,
         .handler = ListSchedules},
    Verb{.group = kScheduleGroup,
         .name = "create",
         .help = "one more",
         .options = kCreateSchedule,
         .handler = CreateSchedule},
    Verb{.group = kScheduleGroup,
         .name = "delete",
         .help = "one less",
         .options = kOneSchedule,
         .handler = ChangeSchedule},
    Verb{.group = kScheduleGroup,
         .name = "pause",
         .help = "pause one",
         .options = kOneSchedule,
         .handler = ChangeSchedule},
    Verb{.group = kScheduleGroup,
         .name = "resume",
         .help = "resume one",
         .options = kOneSchedule,
         .handler = ChangeSchedule},
    Verb{.group = kScheduleGroup,
         .name = "clear",
         .help = "none any more",
         .options = kDeploymentOnly,
         .handler = ChangeSchedule},
    Verb{.group = "",
         .name = "deploy",
         .help = "deploy to a work pool, from the command line or prefect.yaml",
         .options = kDeploy,
         .handler = DeployFromFile,
         .example =
             "tidemill deploy recipes/ons/deaths-monthly.toml:main-flow -n nightly -p my-pool --cron '0 0 * * *'"},

    Verb{"work-pool", "ls", "pools", kLimitOnly, "POST", "/work_pools/filter", "{}",
         "Name=name|Type=type|ID=id|Limit=concurrency_limit|Paused=is_paused"},
    Verb{.group = "work-pool",
         .name = "create",
         .help = "make a pool",
         .options = kPoolCreate,
         .body = R"({"type":"process"})",
         .handler = CreateWorkPool,
         .example = "tidemill work-pool create cloud --type cloud-run-v2"},
    Verb{"work-pool", "inspect", "one pool, all of it", kNameOnly, "GET", "/work_pools/{NAME}"},
    Verb{"work-pool", "update", "change a pool", kPoolUpdate, "PATCH", "/work_pools/{NAME}", "{}", "",
         "work pool '{NAME}' changed"},
    Verb{"work-pool", "pause", "hand nothing out", kNameOnly, "PATCH", "/work_pools/{NAME}", R"({"is_paused":true})",
         "", "work pool '{NAME}' is paused"},
    Verb{"work-pool", "resume", "hand out again", kNameOnly, "PATCH", "/work_pools/{NAME}", R"({"is_paused":false})",
         "", "work pool '{NAME}' is active"},
    Verb{"work-pool", "set-concurrency-limit", "runs at once", kNameAndLimit, "PATCH", "/work_pools/{NAME}", "{}", "",
         "work pool '{NAME}': {LIMIT} at once"},
    Verb{"work-pool", "clear-concurrency-limit", "no limit", kNameOnly, "PATCH", "/work_pools/{NAME}",
         R"({"concurrency_limit":null})", "", "work pool '{NAME}' has no limit"},
    Verb{"work-pool", "delete", "delete a pool", kNameOnly, "DELETE", "/work_pools/{NAME}", "", "",
         "work pool '{NAME}' is deleted"},
    Verb{"work-pool", "preview", "what it will hand out", kNameOnly, "POST",
         "/work_pools/{NAME}/get_scheduled_flow_runs", "{}",
         "When=flow_run.next_scheduled_start_time|Run=flow_run.name|ID=flow_run.id|Deployment=flow_run.deployment_id"},
    Verb{"work-pool", "workers", "workers that asked it", kNameOnly, "POST", "/work_pools/{NAME}/workers/filter", "{}",
         "Name=name|Status=status|Last heartbeat=last_heartbeat_time"},

    Verb{"work-queue", "ls", "queues of a pool", kQueueLs, "POST", "/work_pools/{pool}/queues/filter", "{}",
         "Name=name|ID=id|Priority=priority|Limit=concurrency_limit|Paused=is_paused"},
    Verb{"work-queue", "create", "make a queue", kQueueCreate, "POST", "/work_pools/{pool}/queues", "{}", "",
         "work queue '{NAME}' created"},
    Verb{"work-queue", "inspect", "one queue, all of it", kQueueOnly, "GET", "/work_pools/{pool}/queues/{NAME}"},
    Verb{"work-queue", "pause", "hand nothing out", kQueueOnly, "PATCH", "/work_pools/{pool}/queues/{NAME}",
         R"({"is_paused":true})", "", "work queue '{NAME}' is paused"},
    Verb{"work-queue", "resume", "hand out again", kQueueOnly, "PATCH", "/work_pools/{pool}/queues/{NAME}",
         R"({"is_paused":false})", "", "work queue '{NAME}' is active"},
    Verb{"work-queue", "set-concurrency-limit", "runs at once", kQueueLimit, "PATCH",
         "/work_pools/{pool}/queues/{NAME}", "{}", "", "work queue '{NAME}': {LIMIT} at once"},
    Verb{"work-queue", "clear-concurrency-limit", "no limit", kQueueOnly, "PATCH", "/work_pools/{pool}/queues/{NAME}",
         R"({"concurrency_limit":null})", "", "work queue '{NAME}' has no limit"},
    Verb{"work-queue", "delete", "delete a queue", kQueueOnly, "DELETE", "/work_pools/{pool}/queues/{NAME}", "", "",
         "work queue '{NAME}' is deleted"},

    Verb{.group = "block",
         .name = "register",
         .help = "make the block types that come along",
         .handler = RegisterBlocks},
    Verb{
        .group = "block",
        .name = "create",
        .help = "save a block",
        .options = kBlockCreate,
        .handler = CreateBlock,
        .example =
            "tidemill block create gcp-credentials/etlapi-gcp --set-file service_account_info=key.json\n"
            "  tidemill block create gcs-bucket/etlapi-bucket --set bucket=my-bucket --ref gcp_credentials=etlapi-gcp"},
    Verb{.group = "block", .name = "ls", .help = "saved blocks", .handler = ListBlocks},
    Verb{.group = "block",
         .name = "inspect",
         .help = "one block, secrets masked",
         .options = kBlockOnly,
         .handler = InspectBlock},
    Verb{.group = "block", .name = "delete", .help = "delete a block", .options = kBlockOnly, .handler = DeleteBlock},
    Verb{"block type",
         "ls",
         "block types",
         {},
         "POST",
         "/block_types/filter",
         "{}",
         "Slug=slug|Name=name|Description=description"},
    Verb{"block type", "inspect", "one block type", kNameOnly, "GET", "/block_types/slug/{NAME}"},

    Verb{"variable", "ls", "variables", kLimitOnly, "POST", "/variables/filter", "{}",
         "Name=name|Value=value|Updated=updated"},
    Verb{.group = "variable", .name = "get", .help = "its value", .options = kNameOnly, .handler = GetVariable},
    Verb{"variable", "inspect", "one variable, all of it", kNameOnly, "GET", "/variables/name/{NAME}"},
    Verb{.group = "variable",
         .name = "set",
         .help = "make or change a variable",
         .options = kVariableSet,
         .handler = SetVariable},
    Verb{"variable", "unset", "delete a variable", kNameOnly, "DELETE", "/variables/name/{NAME}", "", "",
         "variable '{NAME}' is deleted"},
    Verb{"variable", "delete", "delete a variable", kNameOnly, "DELETE", "/variables/name/{NAME}", "", "",
         "variable '{NAME}' is deleted"},

    Verb{"concurrency-limit", "ls", "limits of tasks by their tags", kLimitOnly, "POST", "/concurrency_limits/filter",
         "{}", "Tag=tag|ID=id|Limit=concurrency_limit|Active=active_slots"},
    Verb{"concurrency-limit", "create", "limit the tasks of a tag", kLimitCreate, "POST", "/concurrency_limits/", "{}",
         "", "limit of tag '{TAG}' created"},
    Verb{"concurrency-limit", "inspect", "one limit", kTagOnly, "GET", "/concurrency_limits/tag/{TAG}"},
    Verb{"concurrency-limit", "reset", "free its slots", kTagOnly, "POST", "/concurrency_limits/tag/{TAG}/reset", "{}",
         "", "slots of tag '{TAG}' are free"},
    Verb{"concurrency-limit", "delete", "no limit any more", kTagOnly, "DELETE", "/concurrency_limits/tag/{TAG}", "",
         "", "limit of tag '{TAG}' is deleted"},

    Verb{"global-concurrency-limit", "ls", "named limits", kLimitOnly, "POST", "/v2/concurrency_limits/filter", "{}",
         "Name=name|ID=id|Limit=limit|Active=active_slots|In force=active"},
    Verb{"global-concurrency-limit", "create", "make one", kGlobalCreate, "POST", "/v2/concurrency_limits/",
         R"({"active":true})", "", "limit '{NAME}' created"},
    Verb{"global-concurrency-limit", "inspect", "one of them", kNameOnly, "GET", "/v2/concurrency_limits/{NAME}"},
    Verb{"global-concurrency-limit", "update", "change one", kGlobalUpdate, "PATCH", "/v2/concurrency_limits/{NAME}",
         "{}", "", "limit '{NAME}' changed"},
    Verb{"global-concurrency-limit", "enable", "put in force", kNameOnly, "PATCH", "/v2/concurrency_limits/{NAME}",
         R"({"active":true})", "", "limit '{NAME}' is in force"},
    Verb{"global-concurrency-limit", "disable", "without effect", kNameOnly, "PATCH", "/v2/concurrency_limits/{NAME}",
         R"({"active":false})", "", "limit '{NAME}' has no effect"},
    Verb{"global-concurrency-limit", "delete", "delete one", kNameOnly, "DELETE", "/v2/concurrency_limits/{NAME}", "",
         "", "limit '{NAME}' is deleted"},

    Verb{.group = "artifact",
         .name = "ls",
         .help = "newest artifact of each key",
         .options = kLimitOnly,
         .body = "{}",
         .handler = ListArtifacts},
    Verb{"artifact", "inspect", "the newest of a key, all of it", kArtifactKey, "GET", "/artifacts/{KEY}/latest"},
    Verb{"artifact", "delete", "delete one", kIdOnly, "DELETE", "/artifacts/{ID}", "", "", "artifact {ID} is deleted"},

    Verb{"automation", "ls", "automations", kLimitOnly, "POST", "/automations/filter", "{}",
         "ID=id|Name=name|Enabled=enabled|Description=description"},
    Verb{.group = "automation",
         .name = "create",
         .help = "make automations, from a file",
         .options = kFromFile,
         .handler = CreateAutomations,
         .example = "tidemill automation create --from-file automation.yaml"},
    Verb{.group = "automation",
         .name = "inspect",
         .help = "one automation, all of it",
         .options = kAutomationOnly,
         .handler = InspectAutomation},
    Verb{.group = "automation",
         .name = "pause",
         .help = "without effect",
         .options = kAutomationOnly,
         .handler = PauseAutomation},
    Verb{.group = "automation",
         .name = "resume",
         .help = "in force again",
         .options = kAutomationOnly,
         .handler = ResumeAutomation},
    Verb{.group = "automation",
         .name = "delete",
         .help = "delete one",
         .options = kAutomationOnly,
         .handler = DeleteAutomation},

    Verb{.group = "events",
         .name = "stream",
         .help = "what happens, from a minute ago on, until Ctrl-C",
         .options = kEventStream,
         .handler = StreamEvents,
         .example = "tidemill events stream --format text"},

    Verb{"hook", "ls", "addresses that others post to", {}, "GET", "/hooks", "", "Name=name|ID=id|Created=created"},
    Verb{.group = "hook",
         .name = "create",
         .help = "make an address; what is posted there becomes an event",
         .options = kNameOnly,
         .handler = CreateHook},
    Verb{"hook", "delete", "delete one", kIdOnly, "DELETE", "/hooks/{ID}", "", "", "hook {ID} is deleted"},

    Verb{.group = "profile", .name = "ls", .help = "profiles", .handler = ListProfiles},
    Verb{.group = "profile",
         .name = "create",
         .help = "make a profile",
         .options = kProfileCreate,
         .handler = ChangeProfile},
    Verb{.group = "profile", .name = "use", .help = "take a profile", .options = kNameOnly, .handler = ChangeProfile},
    Verb{.group = "profile",
         .name = "inspect",
         .help = "its settings, secrets masked",
         .options = kNameOnly,
         .handler = ChangeProfile},
    Verb{.group = "profile",
         .name = "rename",
         .help = "another name",
         .options = kProfileRename,
         .handler = ChangeProfile},
    Verb{.group = "profile",
         .name = "delete",
         .help = "delete a profile",
         .options = kNameOnly,
         .handler = ChangeProfile},
    Verb{.group = "config", .name = "view", .help = "settings and where they come from", .handler = ViewConfig},
    Verb{.group = "config",
         .name = "set",
         .help = "settings of the active profile",
         .options = kSettings,
         .handler = SetConfig,
         .example = "tidemill config set PREFECT_API_URL=http://127.0.0.1:4200/api"},
    Verb{.group = "config", .name = "unset", .help = "not any more", .options = kSettings, .handler = UnsetConfig},
    Verb{.group = "server",
         .name = "status",
         .help = "whether the server answers, and as which version",
         .handler = ShowServerStatus},
};

struct Group {
  std::string_view name, help;
};
constexpr std::array kGroups{
    Group{"flow", "flows on a server"},
    Group{"flow-run", "runs of flows on a server"},
    Group{"task-run", "runs of tasks on a server"},
    Group{"deployment", "flows with schedules, on a server"},
    Group{"deployment schedule", "the schedules of a deployment"},
    Group{"work-pool", "where workers ask for runs"},
    Group{"work-queue", "where agents and workers ask for runs"},
    Group{"block", "credentials and places, kept on a server"},
    Group{"block type", "kinds of blocks"},
    Group{"variable", "named values, kept on a server"},
    Group{"concurrency-limit", "how many tasks of a tag run at once"},
    Group{"global-concurrency-limit", "named limits"},
    Group{"artifact", "what runs left to be looked at"},
    Group{"automation", "what the server does by itself"},
    Group{"events", "what happens, where the server tells of it"},
    Group{"hook", "addresses that other programs post to"},
    Group{"profile", "sets of settings"},
    Group{"config", "settings of this machine's client"},
    Group{"server", "the orchestration server that Prefect's clients can use"},
};

}  // namespace

std::span<const Verb> Verbs() {
  return kVerbs;
}

std::string_view HelpOfGroup(std::string_view group) {
  for (const Group& one : kGroups) {
    if (one.name == group) return one.help;
  }
  return {};
}

}  // namespace tidemill::console
