/*
 * The options of nvitop. Names, metavars, groups and order are those of the original's README,
 * then what its later releases added, then ours; the sentences are all ours.
 */
#include "cmd/options.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "cmd/columns.h"
#include "cmd/config.h"
#include "cmd/option_source.h"
#include "cmd/option_table.h"
#include "cmd/variables_nvitop.h"
#include "report/query.h"

#define GROUP_MAIN "optional arguments"
#define GROUP_COLOUR "coloring"
#define GROUP_DATA "data for programs"
#define GROUP_DEVICE "device filtering"
#define GROUP_PROCESS "process filtering"

#define AT(member) offsetof(struct nvitop_settings, member)
#define FLAG(member) .set = option_set_flag, .offset = AT(member)

static_assert(offsetof(struct nvitop_settings, source) == 0, "settings begin with their source");

#define INTERVAL_DEFAULT 2.0
#define INTERVAL_MIN 0.25

enum { EXCLUSIVE_MODE = 1, EXCLUSIVE_FORMAT };

static bool set_monitor(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    int mode = (int)settings->default_mode;
    if (call->count && !option_choice(call, call->values[0], &mode))
        return false;
    settings->mode = (enum view_mode)mode;
    if (call->is_default)
        settings->default_mode = (enum view_mode)mode;
    else
        settings->is_monitor = true;
    return true;
}

static bool set_interval(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    double interval = 0;
    if (!option_positive(call, call->values[0], &interval))
        return false;
    if (call->is_default && interval < INTERVAL_MIN) {
        str_printf(call->err, "%s s is too short, the least is %.2f", call->values[0],
                   INTERVAL_MIN);
        return false;
    }
    settings->interval = interval;
    return true;
}

static bool set_thresholds(struct option_call *call)
{
    return option_percents(call, (int *)(void *)((char *)call->settings + call->row->offset));
}

static bool set_only(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    if (!option_integers(call, false, &settings->only, &settings->only_count))
        return false;
    settings->has_only = true;
    return true;
}

static bool set_pids(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    if (!option_integers(call, true, &settings->pids, &settings->pid_count))
        return false;
    settings->has_pids = true;
    return true;
}

static bool set_users(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    settings->users = arena_array(call->arena, call->count + 1, sizeof(*settings->users));
    for (size_t i = 0; i < call->count; i++)
        settings->users[i] = arena_strdup(call->arena, call->values[i]);
    settings->user_count = call->count;
    settings->has_users = true;
    return true;
}

static void list_columns(struct str *out)
{
    columns_names(UINT32_MAX, ", ", out);
}

static void offer_columns(struct str *out)
{
    columns_names(UINT32_MAX, " ", out);
}

static bool set_hidden_columns(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    uint32_t bits = 0, bit;
    for (size_t i = 0; i < call->count; i++, bits |= bit)
        if (!columns_bit(call->values[i], &bit)) {
            str_append(call->err, "invalid choice: ");
            option_quote(call->values[i], call->err);
            str_append(call->err, " (choose from ");
            list_columns(call->err);
            str_append(call->err, ")");
            return false;
        }
    settings->hidden_columns = bits;
    return true;
}

static bool set_json(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    int form = 0;
    if (call->count && !option_choice(call, call->values[0], &form))
        return false;
    settings->is_json = true;
    settings->is_json_pretty = call->count > 0;
    return true;
}

static void offer_metrics(struct str *out)
{
    struct query query = { .count = 0 };
    query_add_scope(&query, NVITOP_SCOPE_DEVICE, true);
    query_add_scope(&query, NVITOP_SCOPE_PROCESS, true);
    query_add_scope(&query, NVITOP_SCOPE_HOST, true);
    str_append(out, "device process host");
    for (size_t i = 0; i < query.count; i++) {
        str_append_char(out, ' ');
        query_word(query.metrics[i], out);
    }
}

static bool set_query(struct option_call *call)
{
    struct nvitop_settings *settings = call->settings;
    struct query *query = arena_alloc(call->arena, sizeof(*query));
    if (!query_add_words(query, call->values, call->count, call->err))
        return false;
    settings->query = query;
    return true;
}

static const char *const json_forms[] = { "pretty", NULL };

static const struct option_row rows[] = {
    { .names = { "--help", "-h" },
      .group = GROUP_MAIN,
      .action = OPTION_HELP,
      .help = "Print this page and exit." },
    { .names = { "--version", "-V" },
      .group = GROUP_MAIN,
      .action = OPTION_VERSION,
      .help = "Print the version and exit." },
    { .names = { "--once", "-1" },
      .group = GROUP_MAIN,
      FLAG(is_once),
      .exclusive = EXCLUSIVE_MODE,
      .help = "Print one report of the GPUs and their processes, then exit." },
    { .names = { "--monitor", "-m" },
      .group = GROUP_MAIN,
      .arity = ARITY_OPTIONAL,
      .choices = view_mode_words,
      .complete = COMPLETE_CHOICES,
      .set = set_monitor,
      .key = "mode",
      .exclusive = EXCLUSIVE_MODE,
      .help = "Open the monitor, which fills the terminal, in this display mode. Without a mode, "
              "NVITOP_MONITOR_MODE decides; without that it is auto: what fits the terminal." },
    { .names = { "--interval" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "SEC",
      .set = set_interval,
      .key = "interval",
      .help = "Monitor and --loop: seconds from one look at the processes to the next, 0.25 or "
              "more. 2 if not given." },
    { .names = { "--ascii", "--no-unicode", "-U" },
      .group = GROUP_MAIN,
      FLAG(is_ascii),
      .key = "ascii",
      .help = "Draw with ASCII characters alone, where terminal or font lack the others." },
    { .names = { "--readonly" },
      .group = GROUP_MAIN,
      FLAG(is_readonly),
      .key = "readonly",
      .rank = RANK_LATER,
      .help = "Monitor only: switch off all that acts on other processes, signals above all. The "
              "word readonly in NVITOP_MONITOR_MODE does the same." },
    { .names = { "--no-mouse" },
      .group = GROUP_MAIN,
      FLAG(is_no_mouse),
      .key = "no-mouse",
      .rank = RANK_OURS,
      .help = "Monitor only: leave the mouse to the terminal, for its own selection." },
    { .names = { "--no-host" },
      .group = GROUP_MAIN,
      FLAG(is_no_host),
      .key = "no-host",
      .rank = RANK_OURS,
      .help = "Monitor only: leave out the panel of processor, memory and swap." },
    { .names = { "--pcie" },
      .group = GROUP_MAIN,
      FLAG(is_pcie),
      .key = "pcie",
      .rank = RANK_OURS,
      .help = "Monitor only: bars of PCIe traffic in place of memory bandwidth and power." },
    { .names = { "--hide-columns" },
      .group = GROUP_MAIN,
      .arity = ARITY_SOME,
      .metavar = "NAME",
      .offers = offer_columns,
      .complete = COMPLETE_CHOICES,
      .set = set_hidden_columns,
      .key = "hide-columns",
      .rank = RANK_OURS,
      .help = "Leave out these columns of the process table: ",
      .help_list = list_columns },
    { .names = { "--no-wake" },
      .group = GROUP_MAIN,
      FLAG(is_no_wake),
      .rank = RANK_OURS,
      .help = "Let a GPU that the system has suspended sleep on; it is shown as suspended." },

    { .names = { "--json" },
      .group = GROUP_DATA,
      .arity = ARITY_ATTACHED,
      .choices = json_forms,
      .metavar = "pretty",
      .complete = COMPLETE_CHOICES,
      .set = set_json,
      .exclusive = EXCLUSIVE_FORMAT,
      .rank = RANK_OURS,
      .help = "Print one snapshot as a JSON object on one line; with `--json=pretty`, indented." },
    { .names = { "--csv" },
      .group = GROUP_DATA,
      FLAG(is_csv),
      .exclusive = EXCLUSIVE_FORMAT,
      .rank = RANK_OURS,
      .help = "Print one snapshot as CSV: a header and a row for each device." },
    { .names = { "--query" },
      .group = GROUP_DATA,
      .arity = ARITY_SOME,
      .metavar = "METRIC",
      .offers = offer_metrics,
      .complete = COMPLETE_CHOICES,
      .set = set_query,
      .rank = RANK_OURS,
      .help = "Print these metrics and no others, as CSV unless --json is given. A list may have "
              "commas. Metrics of processes and the host are called process.NAME and host.NAME, "
              "and device, process or host alone are all of them; see --list-metrics." },
    { .names = { "--loop" },
      .group = GROUP_DATA,
      FLAG(is_loop),
      .rank = RANK_OURS,
      .help = "With --json, --csv or --query: a snapshot each interval until interrupted, JSON "
              "with one line for each." },
    { .names = { "--list-metrics" },
      .group = GROUP_DATA,
      FLAG(is_list_metrics),
      .rank = RANK_OURS,
      .help = "Print name, scope, unit, kind and meaning of each metric and exit; --json and --csv "
              "work here as well." },

    { .names = { "--force-color" },
      .group = GROUP_COLOUR,
      FLAG(is_force_colour),
      .help = "Colour the report even where stdout is no terminal." },
    { .names = { "--light" },
      .group = GROUP_COLOUR,
      FLAG(is_light),
      .key = "light",
      .help = "Monitor only: use colours made for a light background. So does "
              "NVITOP_MONITOR_THEME=light." },
    { .names = { "--gpu-util-thresh" },
      .group = GROUP_COLOUR,
      .arity = ARITY_EXACT,
      .exact = 2,
      .metavar = "th1 th2",
      .set = set_thresholds,
      .offset = AT(gpu_thresholds),
      .key = "gpu-util-thresh",
      .has_load_words = true,
      .help = "From how many percent of GPU utilization a load is not light but moderate (th1) or "
              "heavy (th2). Both from 1 to 99, in any order; 10 75 if not given." },
    { .names = { "--mem-util-thresh" },
      .group = GROUP_COLOUR,
      .arity = ARITY_EXACT,
      .exact = 2,
      .metavar = "th1 th2",
      .set = set_thresholds,
      .offset = AT(memory_thresholds),
      .key = "mem-util-thresh",
      .has_load_words = true,
      .help = "The same for the share of GPU memory in use: light, moderate (th1), heavy (th2); "
              "10 80 if not given." },
    { .names = { "--colorful" },
      .group = GROUP_COLOUR,
      FLAG(is_colourful),
      .key = "colorful",
      .rank = RANK_LATER,
      .help = "Draw bars and graphs as gradients, where the terminal has 256 colours or more. The "
              "word colorful in NVITOP_MONITOR_MODE does the same." },

    { .names = { "--only", "-o" },
      .group = GROUP_DEVICE,
      .arity = ARITY_SOME,
      .metavar = "idx",
      .set = set_only,
      .help = "Show the GPUs with these indices and no others. Overrides --only-visible." },
    { .names = { "--only-visible", "-ov" },
      .group = GROUP_DEVICE,
      FLAG(is_only_visible),
      .help = "Show the GPUs that CUDA_VISIBLE_DEVICES names and no others." },

    { .names = { "--compute", "-c" },
      .group = GROUP_PROCESS,
      FLAG(is_compute),
      .help = "Show processes that compute on a GPU (type C or C+G)." },
    { .names = { "--graphics", "-g" },
      .group = GROUP_PROCESS,
      FLAG(is_graphics),
      .help = "Show processes that draw on a GPU (type G or C+G)." },
    { .names = { "--user", "-u" },
      .group = GROUP_PROCESS,
      .arity = ARITY_ANY,
      .metavar = "USERNAME",
      .complete = COMPLETE_USER,
      .set = set_users,
      .help = "Show processes of these users; without a name, your own." },
    { .names = { "--pid", "-p" },
      .group = GROUP_PROCESS,
      .arity = ARITY_SOME,
      .metavar = "PID",
      .complete = COMPLETE_PID,
      .set = set_pids,
      .help = "Show the processes with these IDs." },
    { .names = { "--only-compute", "-C" },
      .group = GROUP_PROCESS,
      FLAG(is_only_compute),
      .rank = RANK_LATER,
      .help = "Hide every process that draws (types G and C+G)." },
    { .names = { "--only-graphics", "-G" },
      .group = GROUP_PROCESS,
      FLAG(is_only_graphics),
      .rank = RANK_LATER,
      .help = "Hide every process that computes (types C and C+G)." },
    { .names = { "--no-processes" },
      .group = GROUP_PROCESS,
      FLAG(is_no_processes),
      .rank = RANK_OURS,
      .help = "Show no processes at all, and read none." },

    OPTION_SOURCE_ROWS(
        "Read host and processes from this mount instead of /proc. If that is another "
        "system's, no signals can be sent."),
};

/* Pairs of options that contradict each other, though each may stand beside others of its kind. */
static bool check_pairs(const struct nvitop_settings *settings, struct str *err)
{
    bool has_query = settings->query != NULL;
    bool has_processes = has_query && settings->query->is_asked[NVITOP_SCOPE_PROCESS];
    const struct {
        bool is_met;
        const char *option, *other;
    } pairs[] = {
        { settings->is_json && settings->is_monitor, "--json", "--monitor/-m" },
        { settings->is_csv && settings->is_monitor, "--csv", "--monitor/-m" },
        { has_query && settings->is_monitor, "--query", "--monitor/-m" },
        { settings->is_loop && settings->is_monitor, "--loop", "--monitor/-m" },
        { settings->is_loop && settings->is_once, "--loop", "--once/-1" },
        { settings->is_loop && settings->is_json_pretty, "--loop", "--json=pretty" },
        { has_processes && settings->is_no_processes, "--query: process metrics",
          "--no-processes" },
        { settings->is_list_metrics && settings->is_monitor, "--list-metrics", "--monitor/-m" },
        { settings->is_list_metrics && settings->is_once, "--list-metrics", "--once/-1" },
        { settings->is_list_metrics && has_query, "--list-metrics", "--query" },
        { settings->is_list_metrics && settings->is_loop, "--list-metrics", "--loop" },
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        if (pairs[i].is_met) {
            str_printf(err, "argument %s: not allowed with argument %s", pairs[i].option,
                       pairs[i].other);
            return false;
        }
    if (!settings->is_loop || settings->is_json || settings->is_csv || has_query)
        return true;
    str_append(err, "argument --loop: expected --json, --csv or --query beside it");
    return false;
}

static bool check(const void *settings, struct str *err)
{
    const struct nvitop_settings *nvitop = settings;
    if (!check_pairs(nvitop, err))
        return false;
    if (nvitop->interval >= INTERVAL_MIN)
        return true;
    str_printf(err,
               "the interval %.2gs is too short, which may cause performance issues. Expected 1/4 "
               "or higher.",
               nvitop->interval);
    return false;
}

const struct option_program options_nvitop = {
    .name = "nvitop",
    .version = NVITOP_VERSION,
    .description = "Watch NVIDIA GPUs and the processes that use them.",
    .epilogue = "Environment variables and the configuration file: see nvitop(1).",
    .rows = rows,
    .row_count = ARRAY_LEN(rows),
    .variables = variables_nvitop,
    .variable_count = VARIABLES_NVITOP_COUNT,
    .check = check,
};

enum options_result options_nvitop_read(struct options_run *run, struct nvitop_settings *settings,
                                        int argc, char *const argv[])
{
    *settings = (struct nvitop_settings){
        .is_monitor_always = true,
        .interval = INTERVAL_DEFAULT,
        .gpu_thresholds = { 10, 75 },
        .memory_thresholds = { 10, 80 },
    };
    run->program = &options_nvitop;
    run->settings = settings;
    config_read(run);
    return options_parse(run, argc, argv);
}
