/* Options stand before the scenario, the command after `--`; nothing of the command is looked at.
 */
#include "sim/launcher_options.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "nvitop/nvitop.h"
#include "sim/curve.h"
#include "sim/symbols.h"
#include "sim/system.h"

const char launcher_usage[] =
    "Usage: nvitop-sim [--clock SECONDS] [--seed N] [--era VERSION] SCENARIO|FILE -- COMMAND "
    "[ARG...]\n"
    "       nvitop-sim list\n"
    "       nvitop-sim check FILE...\n"
    "\n"
    "Runs COMMAND over simulated GPUs: it finds the simulator in place of the driver's library,\n"
    "and the scenario's processes are harmless children of ours that end with it.\n"
    "FILE is looked at where no scenario has that name, or it has a / or ends with .ini.\n"
    "\n"
    "  --clock SECONDS  the scenario's time stands still there; or a file in which it stands\n"
    "  --seed N         other noise, other UUIDs\n"
    "  --era VERSION    the library looks like that driver's (390, 450, 535.54, ...)\n"
    "  -h, --help       this text\n";

struct option_row {
    const char *name;
    size_t field; /* in struct launcher_options */
};

static const struct option_row option_rows[] = {
    { "--clock", offsetof(struct launcher_options, clock) },
    { "--seed", offsetof(struct launcher_options, seed) },
    { "--era", offsetof(struct launcher_options, era) },
};

/* Takes `--name VALUE` or `--name=VALUE` and returns what follows it; *ret_value is NULL if the
 * value is missing. NULL if `argv` does not begin with a known option. */
static char **take_option(char **argv, const struct option_row **ret_row, const char **ret_value)
{
    for (size_t i = 0; i < ARRAY_LEN(option_rows); i++) {
        size_t len = strlen(option_rows[i].name);
        *ret_row = &option_rows[i];
        if (strncmp(argv[0], option_rows[i].name, len) != 0)
            continue;
        if (argv[0][len] == '=') {
            *ret_value = argv[0] + len + 1;
            return argv + 1;
        }
        if (argv[0][len])
            continue;
        *ret_value = argv[1];
        return argv[1] ? argv + 2 : argv + 1;
    }
    return NULL;
}

static int refuse(const char *why, const char *what, const char **ret_why, const char **ret_what)
{
    *ret_why = why;
    *ret_what = what;
    return NVITOP_EINVAL;
}

static int check_values(const struct launcher_options *options, const char **ret_why,
                        const char **ret_what)
{
    double number;
    if (options->clock && !system_is_absolute(options->clock) &&
        curve_parse_number(options->clock, CURVE_SECONDS, &number) < 0)
        return refuse("--clock wants a time in seconds, not", options->clock, ret_why, ret_what);
    if (options->seed && curve_parse_number(options->seed, CURVE_PLAIN, &number) < 0)
        return refuse("--seed wants a number, not", options->seed, ret_why, ret_what);
    if (options->era && !symbol_version(options->era))
        return refuse("--era wants a driver's version, not", options->era, ret_why, ret_what);
    return NVITOP_OK;
}

static int parse_operands(char **argv, struct launcher_options *options, const char **ret_why,
                          const char **ret_what)
{
    if (!argv[0])
        return refuse("which scenario?", "", ret_why, ret_what);
    if (strcmp(argv[0], "list") == 0 && !argv[1]) {
        options->task = LAUNCHER_LIST;
    } else if (strcmp(argv[0], "check") == 0 && argv[1] && strcmp(argv[1], "--") != 0) {
        options->task = LAUNCHER_CHECK;
        options->rest = argv + 1;
    } else {
        options->scenario = argv[0];
        if (!argv[1] || strcmp(argv[1], "--") != 0 || !argv[2])
            return refuse("the scenario must be followed by `-- COMMAND`", "", ret_why, ret_what);
        options->rest = argv + 2;
    }
    return NVITOP_OK;
}

int launcher_options_parse(char **argv, struct launcher_options *ret_options, const char **ret_why,
                           const char **ret_what)
{
    struct launcher_options options = { .task = LAUNCHER_RUN };
    const struct option_row *row;
    const char *value = NULL;
    int status;
    for (argv++; *argv && **argv == '-';) {
        if (strcmp(*argv, "-h") == 0 || strcmp(*argv, "--help") == 0) {
            *ret_options = (struct launcher_options){ .task = LAUNCHER_HELP };
            return NVITOP_OK;
        }
        char **next = take_option(argv, &row, &value);
        if (!next)
            return refuse("unknown option", *argv, ret_why, ret_what);
        if (!value)
            return refuse("a value must follow", *argv, ret_why, ret_what);
        memcpy((char *)&options + row->field, &value, sizeof(value));
        argv = next;
    }
    if ((status = parse_operands(argv, &options, ret_why, ret_what)) < 0 ||
        (status = check_values(&options, ret_why, ret_what)) < 0)
        return status;
    *ret_options = options;
    return NVITOP_OK;
}
