/* nvitop: its settings, and what is done with them. */
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/program.h"
#include "cmd/run.h"

static enum options_result read_settings(struct options_run *run, void *settings, int argc,
                                         char *const argv[])
{
    struct nvitop_settings *nvitop = settings;
    enum options_result result = options_nvitop_read(run, nvitop, argc, argv);
    nvitop->source.has_demo &= !nvitop->is_list_metrics; /* a list needs no GPUs */
    return result;
}

static int work(const void *settings, bool *ret_is_stuck)
{
    return nvitop_run(settings, options_nvitop.version, ret_is_stuck);
}

int main(int argc, char *argv[])
{
    struct nvitop_settings settings;
    struct program program = {
        .name = "nvitop", .settings = &settings, .read = read_settings, .work = work
    };
    return program_main(&program, argc, argv);
}
