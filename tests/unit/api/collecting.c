/* Each question is a whole collection: the key that is looked for is one of many. */
#include "collecting.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void collecting_look(void *arg, const char *key, double value)
{
    struct collecting *found = arg;
    found->total++;
    found->count += found->part && strstr(key, found->part);
    if (found->key && strcmp(key, found->key) == 0)
        found->value = value;
}

double collecting_figure(struct nvitop_collector *collector, const char *key)
{
    struct collecting found = { .key = key, .value = NO_KEY };
    assert_int_equal(nvitop_collector_collect(collector, collecting_look, &found), NVITOP_OK);
    return found.value;
}

size_t collecting_keys_with(struct nvitop_collector *collector, const char *part)
{
    struct collecting found = { .part = part };
    assert_int_equal(nvitop_collector_collect(collector, collecting_look, &found), NVITOP_OK);
    return found.count;
}

struct nvitop_collector_options collecting_quiet(void)
{
    static const int32_t all[] = { 1 };
    struct nvitop_collector_options options;
    nvitop_collector_options_init(&options);
    options.interval = INFINITY;
    options.root_pids = all;
    options.root_pid_count = 1;
    return options;
}

struct nvitop_collector *collecting_make(struct stand *stand,
                                         const struct nvitop_collector_options *options)
{
    struct nvitop_collector *collector = NULL;
    assert_int_equal(nvitop_collector_new(stand->session, options, &collector), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(collector, "T"), NVITOP_OK);
    return collector;
}
