/*
 * The options of nvitop-exporter. Names, metavars and defaults are those of the original's; the
 * sentences are ours.
 */
#include "cmd/options_exporter.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/option_source.h"
#include "cmd/option_table.h"
#include "report/exposition.h"
#include "report/prometheus_compat.h"
#include "report/prometheus_labels.h"

#define GROUP_MAIN "optional arguments"
#define GROUP_WHAT "what is told"
#define GROUP_TLS "TLS and passwords"

#define AT(member) offsetof(struct exporter_settings, member)
#define FLAG(member) .set = option_set_flag, .offset = AT(member)

static_assert(offsetof(struct exporter_settings, source) == 0, "settings begin with their source");

#define INTERVAL_MIN 0.05
#define INTERVAL_MAX 3600.0

enum { PORT_DEFAULT = 8000, PROCESSES_DEFAULT = 1000 };

/* A whole number between the two, blanks around it allowed. */
static bool read_number(struct option_call *call, int64_t most, int64_t *ret_number)
{
    int64_t number;
    if (option_parse_integer(call->values[0], &number) && number >= 0 && number <= most) {
        *ret_number = number;
        return true;
    }
    str_append(call->err, "invalid value: ");
    option_quote(call->values[0], call->err);
    str_printf(call->err, " (expected a whole number from 0 to %lld)", (long long)most);
    return false;
}

static bool set_port(struct option_call *call)
{
    struct exporter_settings *settings = call->settings;
    int64_t port;
    if (!read_number(call, UINT16_MAX, &port))
        return false;
    settings->listen.port = (uint16_t)port;
    return true;
}

static bool set_processes_max(struct option_call *call)
{
    struct exporter_settings *settings = call->settings;
    return read_number(call, INT32_MAX, &settings->processes_max);
}

static bool set_interval(struct option_call *call)
{
    struct exporter_settings *settings = call->settings;
    double interval;
    if (!option_positive(call, call->values[0], &interval))
        return false;
    if (interval >= INTERVAL_MIN && interval <= INTERVAL_MAX) {
        settings->interval = interval;
        return true;
    }
    str_append(call->err, "invalid value: ");
    option_quote(call->values[0], call->err);
    str_printf(call->err, " (expected %g to %g seconds)", INTERVAL_MIN, INTERVAL_MAX);
    return false;
}

/* ---- labels ---- */

/* Takes the place of one with the same name. */
static void add_label(struct option_call *call, const char *name, const char *value)
{
    struct exporter_settings *settings = call->settings;
    struct str labels = { 0 };
    exposition_labels_but(&labels, settings->labels, name);
    exposition_label(&labels, name, value);
    settings->labels = arena_strdup(call->arena, str_text(&labels));
    str_done(&labels);
}

static bool set_hostname(struct option_call *call)
{
    add_label(call, "hostname", call->values[0]);
    return true;
}

static size_t name_len(const char *text)
{
    size_t len = 0;
    while (isalnum((unsigned char)text[len]) || text[len] == '_')
        len++;
    return isdigit((unsigned char)text[0]) || strncmp(text, "__", 2) == 0 ? 0 : len;
}

static bool refuse_label(struct option_call *call, const char *text, const char *why)
{
    str_append(call->err, "invalid label: ");
    option_quote(text, call->err);
    str_printf(call->err, " (%s)", why);
    return false;
}

static bool set_label(struct option_call *call, const char *text)
{
    size_t len = name_len(text);
    if (!len || text[len] != '=')
        return refuse_label(call, text, "expected NAME=VALUE, of letters, digits and underscores");
    char *name = arena_strdup(call->arena, text);
    name[len] = '\0';
    if (prometheus_has_label(name))
        return refuse_label(call, name, "samples have one of that name");
    add_label(call, name, text + len + 1);
    return true;
}

static bool set_labels(struct option_call *call)
{
    for (size_t i = 0; i < call->count; i++)
        if (!set_label(call, call->values[i]))
            return false;
    return true;
}

/* ---- names of others ---- */

static void offer_peers(struct str *out)
{
    compat_words(" ", out);
    str_append_char(out, ' ');
    compat_words(",", out);
}

/* A list with commas; the second --compat takes the place of the first. */
static bool set_compat(struct option_call *call)
{
    struct exporter_settings *settings = call->settings;
    unsigned set = 0;
    for (const char *at = call->values[0];; at++) {
        size_t len = strcspn(at, ",");
        if (!compat_add(&set, at, len)) {
            str_append(call->err, "invalid value: ");
            option_quote(call->values[0], call->err);
            str_append(call->err, " (expected a list of ");
            compat_words(", ", call->err);
            str_append(call->err, ", with commas)");
            return false;
        }
        at += len;
        if (!*at)
            break;
    }
    settings->compat = set;
    return true;
}

static const struct option_row rows[] = {
    { .names = { "--help", "-h" },
      .group = GROUP_MAIN,
      .action = OPTION_HELP,
      .help = "Print this page and exit." },
    { .names = { "--version", "-V" },
      .group = GROUP_MAIN,
      .action = OPTION_VERSION,
      .help = "Print the version and exit." },
    { .names = { "--hostname", "--host", "-H" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "HOSTNAME",
      .set = set_hostname,
      .help = "Give every sample the label hostname. Not needed where Prometheus scrapes, which "
              "adds a label instance." },
    { .names = { "--bind-address", "--bind", "-B" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "ADDRESS",
      .set = option_set_text,
      .offset = AT(listen.address),
      .help = "Listen on this address or the first of this host, 127.0.0.1 if not given." },
    { .names = { "--port", "-p" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "PORT",
      .set = set_port,
      .help = "Listen on this port, 8000 if not given; 0 is any that is free." },
    { .names = { "--interval" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "SEC",
      .set = set_interval,
      .help = "Read the GPUs once in so many seconds, 0.05 to 3600, 1 if not given, however many "
              "scrape." },
    { .names = { "--unix-socket" },
      .group = GROUP_MAIN,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_FILE,
      .set = option_set_text,
      .offset = AT(listen.path),
      .rank = RANK_OURS,
      .help = "Listen on a Unix socket instead, which is made here with mode 0660." },

    { .names = { "--certfile" },
      .group = GROUP_TLS,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_FILE,
      .set = option_set_text,
      .offset = AT(tls.certfile),
      .help = "Serve HTTPS with this certificate, and those that it was signed with, as PEM. Goes "
              "with --keyfile." },
    { .names = { "--keyfile" },
      .group = GROUP_TLS,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_FILE,
      .set = option_set_text,
      .offset = AT(tls.keyfile),
      .help = "The private key of the certificate, as PEM." },
    { .names = { "--client-cafile" },
      .group = GROUP_TLS,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_FILE,
      .set = option_set_text,
      .offset = AT(tls.client_cafile),
      .help = "Check a certificate that a client shows against these authorities, as PEM." },
    { .names = { "--client-capath" },
      .group = GROUP_TLS,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_DIRECTORY,
      .set = option_set_text,
      .offset = AT(tls.client_capath),
      .help = "The same, against those in all files of this directory." },
    { .names = { "--client-auth-required" },
      .group = GROUP_TLS,
      FLAG(is_client_required),
      .help = "Let nobody in without such a certificate." },
    { .names = { "--web-config" },
      .group = GROUP_TLS,
      .arity = ARITY_ONE,
      .metavar = "PATH",
      .complete = COMPLETE_FILE,
      .set = option_set_text,
      .offset = AT(web_config),
      .rank = RANK_OURS,
      .help = "Take certificates and users with their passwords (as bcrypt hashes) from this file, "
              "which is that of other exporters of Prometheus." },

    { .names = { "--label" },
      .group = GROUP_WHAT,
      .arity = ARITY_SOME,
      .metavar = "NAME=VALUE",
      .set = set_labels,
      .rank = RANK_OURS,
      .help =
          "Give every sample these labels; the last of a name holds, and none may have the name "
          "of one that samples have." },
    { .names = { "--max-processes" },
      .group = GROUP_WHAT,
      .arity = ARITY_ONE,
      .metavar = "N",
      .set = set_processes_max,
      .rank = RANK_OURS,
      .help = "Tell of so many processes at most, those with the most GPU memory; 1000 if not "
              "given, and none for 0. This holds for the snapshot and the page too." },
    { .names = { "--command-lines" },
      .group = GROUP_WHAT,
      FLAG(has_commands),
      .rank = RANK_OURS,
      .help = "Tell the command lines of processes too. They may hold secrets." },
    { .names = { "--compat" },
      .group = GROUP_WHAT,
      .arity = ARITY_ONE,
      .metavar = "PEER[,PEER]",
      .offers = offer_peers,
      .complete = COMPLETE_CHOICES,
      .set = set_compat,
      .rank = RANK_OURS,
      .help = "Tell the same under the names of other exporters as well, for their dashboards: "
              "nvitop for nvitop-exporter 1.7.2, dcgm for dcgm-exporter." },

    OPTION_SOURCE_ROWS("Read processes and their users from this mount instead of /proc."),
};

/* ---- environment ---- */

static void apply_handed_count(void *settings, struct arena *arena, const char *value)
{
    (void)arena;
    str_parse_int(value, 10, &((struct exporter_settings *)settings)->listen.handed_count);
}

static void apply_handed_pid(void *settings, struct arena *arena, const char *value)
{
    (void)arena;
    str_parse_int(value, 10, &((struct exporter_settings *)settings)->listen.handed_pid);
}

static const struct option_variable variables[] = {
    { "LISTEN_FDS", "a number", "unset",
      "With LISTEN_PID, set by a supervisor that has opened the socket already, see "
      "sd_listen_fds(3). Then address, port and path mean nothing.",
      apply_handed_count },
    { "LISTEN_PID", "a number", "unset", "The process that LISTEN_FDS is meant for.",
      apply_handed_pid },
    OPTION_SOURCE_VARIABLES,
    { "COLUMNS", "a number", "the terminal's width", "How wide the help is.", NULL },
    { "TMPDIR", "a directory", "/tmp", "Where --demo keeps a small folder while it runs.", NULL },
};

static bool check(const void *settings, struct str *err)
{
    const struct exporter_settings *exporter = settings;
    const struct tls_options *tls = &exporter->tls;
    bool has_clients = tls->client_cafile || tls->client_capath;
    if (!tls->certfile != !tls->keyfile)
        str_append(err, "arguments --certfile and --keyfile go together");
    else if (has_clients && !tls->certfile)
        str_append(err, "clients' certificates need --certfile and --keyfile");
    else if (exporter->is_client_required && !has_clients)
        str_append(err, "argument --client-auth-required needs --client-cafile or --client-capath");
    else if (exporter->web_config && tls->certfile)
        str_append(err, "argument --web-config: not allowed with --certfile");
    return !err->len;
}

const struct option_program options_exporter = {
    .name = "nvitop-exporter",
    .version = NVITOP_VERSION,
    .description = "Serve what GPUs, their processes and the host do to Prometheus, on /metrics.",
    .epilogue = "Metrics, paths and environment variables: see nvitop-exporter(1).",
    .rows = rows,
    .row_count = ARRAY_LEN(rows),
    .variables = variables,
    .variable_count = ARRAY_LEN(variables),
    .check = check,
};

enum options_result options_exporter_read(struct options_run *run,
                                          struct exporter_settings *settings, int argc,
                                          char *const argv[])
{
    *settings =
        (struct exporter_settings){ .listen = { .address = "127.0.0.1", .port = PORT_DEFAULT },
                                    .interval = 1,
                                    .processes_max = PROCESSES_DEFAULT };
    run->program = &options_exporter;
    run->settings = settings;
    return options_parse(run, argc, argv);
}
