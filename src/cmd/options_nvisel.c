/*
 * The options of nvisel. Names, metavars, groups and order are those of the original's README,
 * then what its later releases added, then ours; the sentences are all ours.
 */
#include "cmd/options_nvisel.h"

#include <assert.h>

#include "base/mem.h"
#include "base/units.h"
#include "cmd/option_source.h"
#include "cmd/option_table.h"

#define GROUP_MAIN "optional arguments"
#define GROUP_BOUNDS "constraints"
#define GROUP_FORMAT "formatting"
#define GROUP_WAIT "waiting"

#define AT(member) offsetof(struct nvisel_settings, member)
#define FLAG(member) .set = option_set_flag, .offset = AT(member)

static_assert(offsetof(struct nvisel_settings, source) == 0, "settings begin with their source");

enum { EXCLUSIVE_SEPARATOR = 1 };

static const char *const formats[] = { "index", "uuid", NULL };

static bool refuse(struct option_call *call, const char *kind)
{
    str_printf(call->err, "invalid %s value: ", kind);
    option_quote(call->values[0], call->err);
    return false;
}

/* A whole number, 0 or more; one past 63 bits is the greatest there is. */
static bool read_count(struct option_call *call, int64_t *ret_count)
{
    int64_t *list;
    size_t count;
    struct str why = { 0 };
    struct option_call quiet = *call;
    quiet.err = &why;
    bool is_good = option_integers(&quiet, true, &list, &count) && list[0] >= 0;
    str_done(&why);
    if (!is_good)
        return refuse(call, "non-negative integer");
    *ret_count = list[0];
    return true;
}

static bool set_min_count(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    return read_count(call, &settings->min_count);
}

static bool set_max_count(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->has_max = read_count(call, &settings->max_count);
    return settings->has_max;
}

static bool set_count(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->has_count = read_count(call, &settings->count);
    return settings->has_count;
}

static struct select_bound *bound_of(const struct option_call *call)
{
    return (struct select_bound *)(void *)((char *)call->settings + call->row->offset);
}

static bool set_size(struct option_call *call)
{
    double bytes;
    if (!units_parse_bytes(call->values[0], &bytes))
        return refuse(call, "human2bytes");
    *bound_of(call) = (struct select_bound){ true, bytes };
    return true;
}

static bool set_rate(struct option_call *call)
{
    int64_t rate;
    if (!read_count(call, &rate))
        return false;
    *bound_of(call) = (struct select_bound){ true, (double)rate };
    return true;
}

static bool set_tolerance(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    int64_t tolerance;
    if (!read_count(call, &tolerance))
        return false;
    settings->wish.tolerance = (double)tolerance;
    return true;
}

static bool set_inherit(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->is_inherited = true;
    settings->visible =
        call->count ? arena_strdup(call->arena, call->values[0]) : settings->variable;
    return true;
}

static bool set_accounts(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    const char **users = arena_array(call->arena, call->count + 1, sizeof(*users));
    for (size_t i = 0; i < call->count; i++)
        users[i] = arena_strdup(call->arena, call->values[i]);
    settings->wish.free_users = users;
    settings->wish.free_user_count = call->count;
    settings->has_accounts = true;
    return true;
}

static bool set_format(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    return option_choice(call, call->values[0], &settings->format);
}

/* Used as it stands: no escapes, and the empty text is a separator too. */
static bool set_separator(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->separator = arena_strdup(call->arena, call->values[0]);
    return true;
}

static bool set_newline(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->separator = "\n";
    return true;
}

static bool set_wait(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    settings->has_timeout = call->count > 0;
    if (call->count && !option_seconds(call, call->values[0], &settings->timeout_s))
        return false;
    settings->is_waiting = true;
    return true;
}

static bool set_sustain(struct option_call *call)
{
    struct nvisel_settings *settings = call->settings;
    return option_seconds(call, call->values[0], &settings->sustain_s);
}

#define BOUND(id) AT(wish.bounds[id])

static const struct option_row rows[] = {
    { .names = { "--help", "-h" },
      .group = GROUP_MAIN,
      .action = OPTION_HELP,
      .help = "Print this page and exit." },
    { .names = { "--version", "-V" },
      .group = GROUP_MAIN,
      .action = OPTION_VERSION,
      .help = "Print the version and exit." },

    { .names = { "--inherit", "-i" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_OPTIONAL,
      .metavar = "CUDA_VISIBLE_DEVICES",
      .set = set_inherit,
      .help =
          "Choose among the devices that CUDA_VISIBLE_DEVICES lets a program see, and no "
          "others. A value that follows is taken instead of the variable's. As with CUDA, an entry "
          "that names no device hides all that follow it, and a device that is named twice hides "
          "all." },
    { .names = { "--account-as-free" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ANY,
      .metavar = "USERNAME",
      .complete = COMPLETE_USER,
      .set = set_accounts,
      .help = "Count GPU memory that processes of these users hold as free memory. Without a name, "
              "that of your own." },
    { .names = { "--min-count", "-c" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "N",
      .set = set_min_count,
      .help = "How many devices there must be, 0 if not given. With fewer, these are printed and "
              "the exit status is 4." },
    { .names = { "--max-count", "-C" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "N",
      .set = set_max_count,
      .help = "How many devices to choose at most, all if not given." },
    { .names = { "--count", "-n" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "N",
      .set = set_count,
      .help = "Exactly so many: stands for both --min-count and --max-count, and overrides them." },
    { .names = { "--min-free-memory", "-f" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "SIZE",
      .set = set_size,
      .offset = BOUND(SELECT_FREE),
      .help = "How much memory must be free on each device, such as 4GiB or 5000M." },
    { .names = { "--min-total-memory", "-t" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "SIZE",
      .set = set_size,
      .offset = BOUND(SELECT_TOTAL),
      .help = "How much memory each device must have, used or not, such as 10GiB." },
    { .names = { "--max-gpu-utilization", "-G" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "RATE",
      .set = set_rate,
      .offset = BOUND(SELECT_GPU),
      .help = "How busy each device may be, in percent of the time." },
    { .names = { "--max-memory-utilization", "-M" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "RATE",
      .set = set_rate,
      .offset = BOUND(SELECT_MEMORY),
      .help = "How busy each device's memory interface may be, in percent of the time." },
    { .names = { "--tolerance", "--tol" },
      .group = GROUP_BOUNDS,
      .arity = ARITY_ONE,
      .metavar = "TOL",
      .set = set_tolerance,
      .help = "Let devices through that miss a constraint by no more than so many percent, or "
              "percentage points of utilization; they come behind all others. 0 if not given: all "
              "constraints are strict. With 20, 4GiB are accepted where 5GiB are wanted." },

    { .names = { "--format", "-O" },
      .group = GROUP_FORMAT,
      .arity = ARITY_ONE,
      .metavar = "FORMAT",
      .choices = formats,
      .complete = COMPLETE_CHOICES,
      .set = set_format,
      .help = "How devices are named: index or uuid; index if not given. A MIG device is always "
              "named by its UUID." },
    { .names = { "--sep", "--separator", "-s" },
      .group = GROUP_FORMAT,
      .arity = ARITY_ONE,
      .metavar = "SEP",
      .set = set_separator,
      .exclusive = EXCLUSIVE_SEPARATOR,
      .help = "What stands between two devices, as it is; a comma if not given." },
    { .names = { "--newline" },
      .group = GROUP_FORMAT,
      .set = set_newline,
      .exclusive = EXCLUSIVE_SEPARATOR,
      .is_joined = true,
      .help = "One device a line." },
    { .names = { "--null", "-0" },
      .group = GROUP_FORMAT,
      FLAG(is_null),
      .exclusive = EXCLUSIVE_SEPARATOR,
      .is_joined = true,
      .help = "A NUL behind each device and no newline, for `xargs -0`." },
    { .names = { "--no-sort", "-S" },
      .group = GROUP_FORMAT,
      FLAG(wish.is_unsorted),
      .rank = RANK_LATER,
      .help = "Keep the order in which the devices were found, not the best first." },
    { .names = { "--json" },
      .group = GROUP_FORMAT,
      FLAG(is_json),
      .exclusive = EXCLUSIVE_SEPARATOR,
      .rank = RANK_OURS,
      .help = "Print a JSON document: the chosen devices, and a verdict for each device that there "
              "is. Not together with --sep, --newline or --null." },
    { .names = { "--explain" },
      .group = GROUP_FORMAT,
      FLAG(is_explained),
      .rank = RANK_OURS,
      .help = "Tell on stderr why each device was taken or refused." },

    { .names = { "--wait" },
      .group = GROUP_WAIT,
      .arity = ARITY_ATTACHED,
      .metavar = "TIMEOUT",
      .set = set_wait,
      .rank = RANK_OURS,
      .help = "Wait until there are as many devices as --min-count says, and at least one. After "
              "TIMEOUT seconds, those that there are are printed and the exit status is 4; without "
              "it there is no end." },
    { .names = { "--sustain" },
      .group = GROUP_WAIT,
      .arity = ARITY_ONE,
      .metavar = "SEC",
      .set = set_sustain,
      .rank = RANK_OURS,
      .help = "Count a device only if it has kept the constraints at every look for so many "
              "seconds. Without --wait, that long is watched, once." },

    OPTION_SOURCE_ROWS("Read processes and their users from this mount instead of /proc."),
};

/* ---- environment ---- */

static void apply_visible(void *settings, struct arena *arena, const char *value)
{
    ((struct nvisel_settings *)settings)->variable = arena_strdup(arena, value);
}

static const struct option_variable variables[] = {
    { "CUDA_VISIBLE_DEVICES", "indices or UUIDs", "all GPUs",
      "The devices of --inherit without a value.", apply_visible },
    { "CUDA_DEVICE_ORDER", "FASTEST_FIRST, PCI_BUS_ID", "FASTEST_FIRST",
      "Which GPUs the indices in CUDA_VISIBLE_DEVICES mean. The indices that nvisel prints are "
      "those of PCI_BUS_ID.",
      NULL },
    OPTION_SOURCE_VARIABLES,
    { "NVITOP_GUARD", "0", "unset",
      "0 runs everything in one process, for debuggers and leak checkers. A driver that hangs can "
      "then keep nvisel from ending.",
      NULL },
    { "COLUMNS", "a number", "the terminal's width", "How wide the help is.", NULL },
    { "NO_COLOR, ANSI_COLORS_DISABLED", "anything", "unset", "No colour in messages.", NULL },
    { "TERM", "a terminal type", "unset", "With dumb, there is no colour and no line of progress.",
      NULL },
    { "TMPDIR", "a directory", "/tmp", "Where --demo keeps a small folder while it runs.", NULL },
};

/* The counts as they were meant. */
static void settle_counts(struct nvisel_settings *settings)
{
    struct select_wish *wish = &settings->wish;
    wish->min_count = settings->has_count ? settings->count : settings->min_count;
    wish->max_count = settings->has_count ? settings->count : settings->max_count;
    wish->has_max = settings->has_count || settings->has_max;
}

static bool check(const void *settings, struct str *err)
{
    struct nvisel_settings settled = *(const struct nvisel_settings *)settings;
    settle_counts(&settled);
    if (!settled.wish.has_max || settled.wish.max_count >= settled.wish.min_count)
        return true;
    str_printf(err, "argument --max-count/-C: %lld is less than --min-count, which is %lld",
               (long long)settled.wish.max_count, (long long)settled.wish.min_count);
    return false;
}

const struct option_program options_nvisel = {
    .name = "nvisel",
    .version = NVITOP_VERSION,
    .description = "Choose GPUs for CUDA_VISIBLE_DEVICES: those that keep all constraints, the "
                   "freest first.",
    .epilogue = "Exit status, environment variables and examples: see nvisel(1).",
    .rows = rows,
    .row_count = ARRAY_LEN(rows),
    .variables = variables,
    .variable_count = ARRAY_LEN(variables),
    .check = check,
};

enum options_result options_nvisel_read(struct options_run *run, struct nvisel_settings *settings,
                                        int argc, char *const argv[])
{
    *settings = (struct nvisel_settings){ .format = NVISEL_INDEX, .separator = "," };
    run->program = &options_nvisel;
    run->settings = settings;
    enum options_result result = options_parse(run, argc, argv);
    settle_counts(settings);
    return result;
}
