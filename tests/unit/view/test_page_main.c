/* The main page: whole screens against tests/frames, and the rows that the acceptance cases name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "scene.h"
#include "view/frame.h"
#include "view/page_main.h"
#include "view/process_list.h"

struct screen {
    const char *name;
    struct snapshot *(*scene)(void);
    int columns, rows;
    enum view_mode mode;
    int selected; /* process, -1: none */
    int seconds;  /* of history */
};

/* The lines above the process table, which has tests of its own. */
static char *upper_part(const struct model *model, char *text)
{
    struct process_list list;
    struct main_layout layout;
    process_list_make(model, &list);
    main_layout_make(model, &list, &layout);
    process_list_done(&list);
    char *end = text;
    for (int row = 0; row < layout.process_top + model->scroll_rows && *end; row++)
        end += strcspn(end, "\n") + 1;
    if (!layout.is_too_narrow)
        *end = 0;
    return text;
}

static char *draw(const struct screen *screen, bool is_ansi)
{
    struct histories histories;
    struct snapshot *snapshot = screen->scene();
    scene_history(snapshot, screen->seconds, &histories);
    struct model model = scene_model(snapshot, screen->rows, screen->columns);
    model.histories = &histories;
    model.mode = screen->mode;
    if (screen->selected >= 0)
        scene_select(&model, (size_t)screen->selected);
    char *text = upper_part(&model, scene_page(&model, page_main_draw, is_ansi));
    histories_done(&histories);
    snapshot_unref(snapshot);
    return text;
}

static struct snapshot *server_16(void)
{
    struct snapshot *snapshot = scene_server(16, 20);
    scene_set(snapshot, 3, NVITOP_DEV_EVENT_REASONS, value_int(0x4));
    scene_set(snapshot, 5, NVITOP_DEV_EVENT_REASONS, value_int(0x68));
    scene_set(snapshot, 6, NVITOP_DEV_EVENT_REASONS, value_int(0x3));
    snapshot->devices[7].condition = DEVICE_NOT_RESPONDING;
    snapshot->devices[7].silent_since_us = snapshot->epoch_us - 75000000;
    snapshot->devices[8].condition = DEVICE_LOST;
    return snapshot;
}

static void screens_are_the_golden_ones(void **state)
{
    (void)state;
    static const struct screen screens[] = {
        { "main-a-79x24.txt", scene_a, 79, 24, VIEW_AUTO, -1, 200 },
        { "main-a-100x40.txt", scene_a, 100, 40, VIEW_AUTO, -1, 200 },
        { "main-a-120x40.txt", scene_a, 120, 40, VIEW_AUTO, -1, 200 },
        { "main-a-200x60.txt", scene_a, 200, 60, VIEW_AUTO, -1, 2000 },
        { "main-server-79x40.txt", server_16, 79, 40, VIEW_AUTO, -1, 100 },
        { "main-server-100x40.txt", server_16, 100, 40, VIEW_AUTO, 0, 100 },
        { "main-server-140x40.txt", server_16, 140, 40, VIEW_AUTO, -1, 100 },
        { "main-server-200x60.txt", server_16, 200, 60, VIEW_DENSE, -1, 100 },
        { "main-server-300x60.txt", server_16, 300, 60, VIEW_DENSE, -1, 100 },
        { "main-server-120x60.txt", server_16, 120, 60, VIEW_AUTO, -1, 100 },
        { "main-m-dense-79x40.txt", scene_m, 79, 40, VIEW_DENSE, -1, 100 },
    };
    for (size_t i = 0; i < ARRAY_LEN(screens); i++)
        scene_assert_frame(screens[i].name, draw(&screens[i], false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(screens_are_the_golden_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
