/* Trees of plain files that change between two readings. */
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "host/host.h"

enum { PATH_SIZE = 128 };

#define STAT_TAIL " S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 8 0 5 0\n"

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)type;
    (void)place;
    return remove(path);
}

static int make_root(void **state)
{
    char root[] = "/tmp/nvitop-test-XXXXXX";
    if (!mkdtemp(root))
        return -1;
    *state = xstrdup(root);
    return 0;
}

static int remove_root(void **state)
{
    nftw(*state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return 0;
}

static void put(const char *root, const char *name, const char *text)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%s/%s", root, name);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static struct host *open_root(const char *root)
{
    struct host *host = NULL;
    put(root, "stat", "cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 1\ncpu1 1\nintr 1\n");
    assert_int_equal(host_open(root, &host), NVITOP_OK);
    return host;
}

static struct value cpu_percent(struct host *host)
{
    struct value values[NVITOP_HOST_COUNT];
    host_read_totals(host, values);
    return values[0];
}

static void cpu_use_is_counted_over_a_tenth_of_a_second(void **state)
{
    const char *root = *state;
    struct host *host = open_root(root);
    uint64_t start = clock_mono_ns();
    struct value cpu = cpu_percent(host);
    assert_int_equal(cpu.why, NVITOP_WHY_NO_SAMPLE);
    put(root, "stat", "cpu  200 0 133 800 67 0 0 0 50 0\ncpu0 1\ncpu1 1\nintr 1\n");
    while (value_is_na(cpu = cpu_percent(host)))
        assert_true(clock_mono_ns() - start < 30 * CLOCK_NS_PER_S);
    assert_true(clock_mono_ns() - start >= 100 * CLOCK_NS_PER_MS);
    assert_true(fabs(cpu.r - 66.5) < 1e-9);
    host_close(host);
}

static void a_removed_process_is_gone(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    char path[PATH_SIZE];
    struct host *host = open_root(*state);
    put(*state, "7/stat", "7 (sh)" STAT_TAIL);
    host_process_read(host, 7, &arena, &process);
    assert_int_equal(process.presence, HOST_PRESENT);
    assert_int_equal(process.user.why, NVITOP_WHY_GONE); /* no status to read it from */
    assert_int_equal(process.running_time.why, NVITOP_WHY_NOT_SUPPORTED); /* no uptime */
    snprintf(path, sizeof(path), "%s/7/stat", (const char *)*state);
    assert_int_equal(unlink(path), 0);
    host_process_read(host, 7, &arena, &process);
    assert_int_equal(process.presence, HOST_GONE);
    host_close(host);
    arena_done(&arena);
}

static void a_user_is_asked_for_once_per_start(void **state)
{
    struct arena arena = { 0 };
    struct host_process process;
    struct host *host = open_root(*state);
    put(*state, "7/stat", "7 (sh)" STAT_TAIL);
    host_process_read(host, 7, &arena, &process);
    assert_int_equal(process.uid.kind, NVITOP_NA);
    put(*state, "7/status", "Name:\tsh\nUid:\t4000000001\t0\t0\t0\n");
    host_process_read(host, 7, &arena, &process); /* a failure is not kept */
    assert_int_equal(process.uid.i, 4000000001);
    put(*state, "7/status", "Name:\tsh\nUid:\t4000000002\t0\t0\t0\n");
    host_process_read(host, 7, &arena, &process);
    assert_int_equal(process.uid.i, 4000000001);
    put(*state, "7/stat", "7 (sh) S 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 9 0 5 0\n");
    host_process_read(host, 7, &arena, &process);
    assert_int_equal(process.start_ticks, 9);
    assert_int_equal(process.uid.i, 4000000002);
    host_close(host);
    arena_done(&arena);
}

/* Files that claim to be our own process make no /proc. */
static void a_forged_self_is_not_believed(void **state)
{
    char name[PATH_SIZE], path[PATH_SIZE], text[PATH_SIZE];
    snprintf(name, sizeof(name), "%ld/status", (long)getpid());
    snprintf(text, sizeof(text), "NSpid:\t%ld\n", (long)getpid());
    put(*state, name, text);
    *strchr(name, '/') = 0;
    snprintf(path, sizeof(path), "%s/self", (const char *)*state);
    assert_int_equal(symlink(name, path), 0);
    struct host *host = open_root(*state);
    assert_false(host_is_own_mount(host));
    host_close(host);
}

static void the_first_cpu_percent_may_be_since_boot(void **state)
{
    struct host *host = open_root(*state);
    host_count_from_boot(host);
    struct value cpu = cpu_percent(host);
    assert_true(cpu.kind == NVITOP_REAL && cpu.r == 20);
    cpu = cpu_percent(host); /* at once: as for anybody else */
    assert_int_equal(cpu.why, NVITOP_WHY_NO_SAMPLE);
    host_close(host);
}

static void time_passes_only_with_the_file(void **state)
{
    struct value values[NVITOP_HOST_COUNT];
    const int uptime = NVITOP_HOST_UPTIME - NVITOP_HOST_CPU_PERCENT;
    put(*state, "uptime", "100.25 1\n");
    struct host *host = open_root(*state);
    for (int round = 0; round < 2; round++) {
        host_read_totals(host, values);
        assert_true(values[uptime].r == 100.25);
    }
    put(*state, "uptime", "200.5 1\n");
    host_read_totals(host, values);
    assert_true(values[uptime].r == 200.5);
    host_close(host);
}

#define tree_test(fn) cmocka_unit_test_setup_teardown(fn, make_root, remove_root)

static void put_pci(const char *root, const char *address, const char *class, const char *vendor,
                    const char *status, const char *driver)
{
    static const char *const files[] = { "class", "vendor", "power/runtime_status" };
    const char *const texts[] = { class, vendor, status };
    char name[PATH_SIZE], link[2 * PATH_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(name, sizeof(name), "bus/pci/devices/%s/%s", address, files[i]);
        put(root, name, texts[i]);
    }
    snprintf(link, sizeof(link), "%s/bus/pci/devices/%s/driver", root, address);
    snprintf(name, sizeof(name), "../../../bus/pci/drivers/%s", driver);
    assert_int_equal(symlink(name, link), 0);
}

static void sleeping_gpus_are_told_in_the_drivers_order(void **state)
{
    bool asleep[4] = { false, false, false, true };
    put_pci(*state, "0000:41:00.0", "0x030200\n", "0x10de\n", "active\n", "nvidia");
    put_pci(*state, "0000:01:00.0", "0x030000\n", "0x10de\n", "suspended\n", "nvidia");
    put_pci(*state, "0000:01:00.1", "0x040300\n", "0x10de\n", "suspended\n", "snd_hda_intel");
    put_pci(*state, "0000:02:00.0", "0x030000\n", "0x1002\n", "suspended\n", "amdgpu");
    put_pci(*state, "0000:61:00.0", "0x030200\n", "0x10de\n", "suspended\n", "vfio-pci");
    put_pci(*state, "0000:21:00.0", "0x030200\n", "0x10de\n", "unsupported\n", "nvidia");
    assert_int_equal(host_gpus_asleep(*state, asleep, ARRAY_LEN(asleep)), 3);
    assert_true(asleep[0]);
    assert_false(asleep[1]);
    assert_false(asleep[2]);
    assert_true(asleep[3]); /* untouched */
    assert_int_equal(host_gpus_asleep("/nonexistent", asleep, ARRAY_LEN(asleep)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        tree_test(cpu_use_is_counted_over_a_tenth_of_a_second),
        tree_test(a_removed_process_is_gone),
        tree_test(a_user_is_asked_for_once_per_start),
        tree_test(a_forged_self_is_not_believed),
        tree_test(the_first_cpu_percent_may_be_since_boot),
        tree_test(time_passes_only_with_the_file),
        cmocka_unit_test_setup_teardown(sleeping_gpus_are_told_in_the_drivers_order, make_root,
                                        remove_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
