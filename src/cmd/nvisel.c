/* nvisel: its settings, and what is done with them. */
#include "cmd/nvisel_run.h"
#include "cmd/option_table.h"
#include "cmd/options_nvisel.h"
#include "cmd/program.h"

static enum options_result read_settings(struct options_run *run, void *settings, int argc,
                                         char *const argv[])
{
    return options_nvisel_read(run, settings, argc, argv);
}

static int work(const void *settings, bool *ret_is_stuck)
{
    return nvisel_run(settings, ret_is_stuck);
}

int main(int argc, char *argv[])
{
    struct nvisel_settings settings;
    struct program program = {
        .name = "nvisel", .settings = &settings, .read = read_settings, .work = work
    };
    return program_main(&program, argc, argv);
}
