/* nvitop: its settings, and what is done with them. */
#include "cmd/demo.h"
#include "cmd/option_table.h"
#include "cmd/options.h"
#include "cmd/program.h"
#include "cmd/run.h"

static enum options_result read_settings(struct options_run *run, void *settings, int argc,
                                         char *const argv[])
{
    return options_nvitop_read(run, settings, argc, argv);
}

static bool wants_demo(const void *settings, const char **ret_scenario)
{
    const struct nvitop_settings *nvitop = settings;
    *ret_scenario = nvitop->demo;
    return nvitop->has_demo && !nvitop->is_list_metrics;
}

static int work(const void *settings, bool *ret_is_stuck)
{
    return nvitop_run(settings, options_nvitop.version, ret_is_stuck);
}

int main(int argc, char *argv[])
{
    struct nvitop_settings settings;
    struct program program = { .name = "nvitop",
                               .settings = &settings,
                               .read = read_settings,
                               .wants_demo = wants_demo,
                               .work = work };
    return program_main(&program, argc, argv);
}
