/* A session in the child of a fork: what it held there is the parent's, and it works again. */
#include "stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOX "[device 0-1]\nname = Board {i}\ntemperature = {i*10+40}\n[process P]\nmem = 10MiB\n"

static bool sees_everything(struct stand *stand, struct nvitop_device *device)
{
    static const int ids[] = { NVITOP_DEV_NAME, NVITOP_DEV_TEMPERATURE };
    struct nvitop_value values[2];
    struct nvitop_snapshot *snapshot;
    if (nvitop_device_read(device, ids, 2, values) != NVITOP_OK || values[1].u.i != 50 ||
        strcmp(values[0].u.text, "Board 1") != 0)
        return false;
    if (nvitop_snapshot_take(stand->session, NULL, &snapshot) != NVITOP_OK)
        return false;
    struct nvitop_value command;
    bool is_good = nvitop_snapshot_device_count(snapshot) == 2 &&
                   nvitop_snapshot_get(snapshot, NVITOP_PROC_COMMAND, 0, &command) == NVITOP_OK &&
                   command.kind == NVITOP_TEXT;
    nvitop_snapshot_unref(snapshot);
    return is_good;
}

static void open_box(struct stand *stand)
{
    char pids[64];
    stand_set(stand, BOX);
    snprintf(pids, sizeof(pids), "P %ld\n", (long)getpid());
    simdir_write(&stand->dir, "pids", pids);
    assert_int_equal(stand_try(stand), NVITOP_OK);
}

static int wait_for(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void a_child_reads_again(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    assert_true(sees_everything(&stand, device));
    for (int says_so = 0; says_so < 2; says_so++) {
        size_t before = simdir_calls(&stand.dir, "nvmlInit", NULL);
        pid_t child = fork();
        if (child == 0) {
            bool is_good = !says_so || nvitop_session_after_fork(stand.session) == NVITOP_OK;
            is_good = is_good && sees_everything(&stand, device);
            nvitop_session_close(stand.session);
            _exit(is_good ? 0 : 1);
        }
        assert_int_equal(wait_for(child), 0);
        assert_int_equal(simdir_calls(&stand.dir, "nvmlInit", NULL), before + 1);
        assert_true(sees_everything(&stand, device));
    }
    assert_int_equal(nvitop_session_after_fork(stand.session), NVITOP_OK);
    assert_int_equal(nvitop_session_after_fork(NULL), NVITOP_EINVAL);
    stand_end(&stand);
}

/* A grandchild is a child of a child. */
static void grandchildren_too(void **state)
{
    (void)state;
    struct stand stand;
    open_box(&stand);
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    pid_t child = fork();
    if (child == 0) {
        bool is_good = sees_everything(&stand, device);
        pid_t grandchild = fork();
        if (grandchild == 0)
            _exit(sees_everything(&stand, device) ? 0 : 1);
        int status = 0;
        waitpid(grandchild, &status, 0);
        _exit(is_good && status == 0 ? 0 : 1);
    }
    assert_int_equal(wait_for(child), 0);
    stand_end(&stand);
}

static void *take_for_ever(void *arg)
{
    stand_read(arg, NVITOP_DEV_TEMPERATURE);
    return NULL;
}

/* Another thread of the parent is in the driver, with a GPU in its hands, when the child is made.
 */
static void a_fork_in_the_middle_of_a_call(void **state)
{
    enum { PATIENCE_MS = 10000 };
    (void)state;
    struct stand stand;
    stand_set(&stand, BOX "[device 1]\nhang.nvmlDeviceGetTemperature* = yes times 1\n");
    assert_int_equal(stand_try(&stand), NVITOP_OK);
    struct nvitop_device *device = stand_device(&stand, 1, -1);
    stand_read(device, NVITOP_DEV_NAME);
    stand_thread(take_for_ever, device);
    uint64_t began = stand_ms();
    while (!simdir_calls(&stand.dir, "nvmlDeviceGetTemperature", "1") &&
           stand_ms() - began < PATIENCE_MS)
        ;
    pid_t child = fork();
    if (child == 0) {
        int id = NVITOP_DEV_TEMPERATURE;
        struct nvitop_value value;
        bool is_good = nvitop_device_read(device, &id, 1, &value) == NVITOP_OK && value.u.i == 50;
        began = stand_ms();
        nvitop_session_close(stand.session);
        _exit(is_good && stand_ms() - began < 1000 ? 0 : 1);
    }
    assert_int_equal(wait_for(child), 0);
    stand_end(&stand);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_reads_again),
        cmocka_unit_test(grandchildren_too),
        cmocka_unit_test(a_fork_in_the_middle_of_a_call),
    };
    stand_exit(cmocka_run_group_tests_name("api/fork", tests, NULL, NULL));
}
