/* A collector in the child of a fork: its windows and its sampler are the parent's; it can be used
 * anew, and freed in any order. Whether the child says that it is one makes no difference. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct keys {
    size_t all, of_processes;
};

static void count(void *arg, const char *key, double value)
{
    struct keys *keys = arg;
    (void)value;
    keys->all++;
    keys->of_processes += strncmp(key, "a/pid:", 6) == 0;
}

static struct keys keys_of(struct nvitop_collector *collector)
{
    struct keys keys = { 0 };
    nvitop_collector_collect(collector, count, &keys);
    return keys;
}

/* A check that fails in the child ends it with its number. */
#define CHECK(NUMBER, CONDITION)                                                                   \
    do {                                                                                           \
        if (!(CONDITION))                                                                          \
            return NUMBER;                                                                         \
    } while (0)

struct family {
    struct stand stand;
    struct nvitop_collector *used, *unused;
};

static int child(struct family *family, int says_so)
{
    if (says_so)
        nvitop_session_after_fork(family->stand.session);
    CHECK(1, nvitop_collector_collect(family->used, count, NULL) == NVITOP_ESTATE);
    CHECK(2, nvitop_collector_clear(family->used, "a") == NVITOP_ESTATE);
    CHECK(3, nvitop_collector_activate(family->used, "a") == NVITOP_OK);
    /* two GPUs, and no process: only the parent has one */
    CHECK(4, keys_of(family->used).all == 7 * 4 + 2 * 40 + 3);
    CHECK(5, nvitop_collector_deactivate(family->used, "a") == NVITOP_OK);
    CHECK(6, nvitop_collector_activate(family->used, "a") == NVITOP_OK);
    nvitop_session_close(family->stand.session);
    CHECK(7, nvitop_collector_activate(family->used, "b") == NVITOP_ESTATE);
    nvitop_collector_free(family->used);
    nvitop_collector_free(family->unused); /* never touched here */
    return 0;
}

static void check_child(int says_so)
{
    int status;
    char scenario[128];
    struct family family;
    struct nvitop_collector_options options;
    snprintf(scenario, sizeof(scenario), "[system]\n[device 0-1]\n[process own]\npid = %d\n",
             (int)getpid());
    stand_open(&family.stand, scenario);
    nvitop_collector_options_init(&options);
    options.interval = 0.001;
    assert_int_equal(nvitop_collector_new(family.stand.session, &options, &family.used), 0);
    assert_int_equal(nvitop_collector_new(family.stand.session, &options, &family.unused), 0);
    assert_int_equal(nvitop_collector_activate(family.used, "a"), NVITOP_OK);
    assert_int_equal(nvitop_collector_activate(family.unused, "a"), NVITOP_OK);
    assert_int_equal(keys_of(family.used).of_processes, 3 * 4 + 1 + 4 * 4);
    pid_t pid = fork();
    if (pid == 0)
        _exit(child(&family, says_so));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(keys_of(family.used).of_processes, 3 * 4 + 1 + 4 * 4); /* all is well here */
    nvitop_collector_free(family.used);
    nvitop_collector_free(family.unused);
    stand_end(&family.stand);
}

static void a_child_that_says_so(void **state)
{
    (void)state;
    check_child(1);
}

static void a_child_that_does_not(void **state)
{
    (void)state;
    check_child(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_that_says_so),
        cmocka_unit_test(a_child_that_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
