/* nvitop-exporter: its settings, and what is done with them. It has no guard: whoever supervises it
 * ends it. */
#include "cmd/exporter_run.h"
#include "cmd/option_table.h"
#include "cmd/options_exporter.h"
#include "cmd/program.h"

static enum options_result read_settings(struct options_run *run, void *settings, int argc,
                                         char *const argv[])
{
    return options_exporter_read(run, settings, argc, argv);
}

static int work(const void *settings, bool *ret_is_stuck)
{
    return exporter_run(settings, ret_is_stuck);
}

int main(int argc, char *argv[])
{
    struct exporter_settings settings;
    struct program program = { .name = "nvitop-exporter",
                               .settings = &settings,
                               .read = read_settings,
                               .work = work,
                               .is_unguarded = true };
    return program_main(&program, argc, argv);
}
