/*
 * The pages beside the main one: whole screens against tests/frames, at sizes where they fit and
 * where they do not, and what must hold at every size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/source.h"
#include "core/tree.h"
#include "scene.h"
#include "view/frame.h"
#include "view/page_device.h"
#include "view/page_environ.h"
#include "view/page_metrics.h"
#include "view/page_setup.h"
#include "view/page_tree.h"
#include "view/process_columns.h"
#include "view/theme.h"

#define MIB ((int64_t)1024 * 1024)

/* What a page is drawn from; every page takes its part. */
struct stage {
    struct snapshot *snapshot;
    struct model model;
    struct tree tree;
    struct tree_page tree_page;
    struct source_environ environment;
    struct environ_page environ_page;
    struct metrics_page metrics_page;
    struct device_page device_page;
    struct list_view list;
};

/* ---- the tree ---- */

static void set_tree(struct stage *stage)
{
    tree_make(stage->snapshot, &stage->tree);
    stage->tree_page.tree = &stage->tree;
}

static void set_tree_selected(struct stage *stage)
{
    set_tree(stage);
    scene_select(&stage->model, 0);
}

static void set_tree_scrolled(struct stage *stage)
{
    static struct process_id tag = { 16480, 16480 };
    set_tree_selected(stage);
    stage->model.tags = (struct tags){ &tag, 1 };
    stage->tree_page.scroll_columns = 55;
    stage->tree_page.scroll_rows = 1;
}

static void draw_tree(const struct stage *stage, struct frame *frame)
{
    page_tree_draw(&stage->model, &stage->tree_page, frame);
}

/* ---- the environment ---- */

static void set_environ(struct stage *stage)
{
    static char *pairs[] = { "CUDA_VISIBLE_DEVICES=1",
                             "EMPTY=",
                             "FUNCTION=() {\n  echo 数据集\n}",
                             "HOME=/home/alice",
                             "NOTHING",
                             "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
    stage->environment = (struct source_environ){ .pairs = pairs,
                                                  .count = ARRAY_LEN(pairs),
                                                  .why = value_int(ARRAY_LEN(pairs)) };
    stage->environ_page = (struct environ_page){
        .process = { 16472, 16472 },
        .is_on_gpu = true,
        .types = PROCESS_TYPE_COMPUTE | PROCESS_TYPE_GRAPHICS,
        .user = "alice",
        .command =
            "python3 train.py --数据集 中文语料库 --epochs 100000 --name experiment-number-42",
        .environment = &stage->environment,
        .list = { 2, 0 },
    };
}

static void set_environ_scrolled(struct stage *stage)
{
    set_environ(stage);
    stage->environ_page.scroll_columns = 20;
    stage->environ_page.list = (struct list_view){ 3, 2 };
}

static void set_environ_refused(struct stage *stage)
{
    set_environ(stage);
    stage->environment = (struct source_environ){ .why = value_na(NVITOP_WHY_NO_PERMISSION) };
    stage->environ_page.is_on_gpu = false;
}

static void set_environ_reading(struct stage *stage)
{
    set_environ(stage);
    stage->environ_page.environment = NULL;
}

static void draw_environ(const struct stage *stage, struct frame *frame)
{
    page_environ_draw(&stage->model, &stage->environ_page, frame);
}

/* ---- the metrics of a process ---- */

static void set_metrics(struct stage *stage)
{
    struct snapshot *snapshot = stage->snapshot;
    scene_set_process(snapshot, 1, NVITOP_PROC_GPU_MEMORY, value_int(4096 * MIB));
    scene_set_process(snapshot, 1, NVITOP_PROC_RSS, value_int(512 * MIB));
    scene_set_process(snapshot, 1, NVITOP_PROC_UTIL_DECODER, value_int(7));
    scene_set_process(snapshot, 1, NVITOP_PROC_UTIL_ENCODER, value_int(3));
    scene_set_host(snapshot, NVITOP_HOST_MEMORY_TOTAL, value_int(24096 * MIB));
    stage->metrics_page.row = (struct process_row){ snapshot, &snapshot->processes[1] };
}

/* Two minutes, with a gap of ten seconds, in which everything rose. */
static void set_metrics_history(struct stage *stage)
{
    set_metrics(stage);
    const struct snapshot_process *process = stage->metrics_page.row.process;
    scene_set_process(stage->snapshot, 1, NVITOP_PROC_CPU_PERCENT, value_real(120));
    for (int second = 0; second <= 120; second++)
        for (int plot = 0; plot < METRICS_PLOT_COUNT && !(second >= 60 && second < 70); plot++) {
            double most = value_number(page_metrics_value((enum metrics_plot)plot, process), 0);
            history_push(&stage->metrics_page.plots[plot],
                         (uint64_t)(1000 + second) * CLOCK_NS_PER_S,
                         value_real(most * second / 120));
        }
}

static void set_metrics_gone(struct stage *stage)
{
    set_metrics_history(stage);
    stage->metrics_page.is_gone = true;
}

static void draw_metrics(const struct stage *stage, struct frame *frame)
{
    page_metrics_draw(&stage->model, &stage->metrics_page, frame);
}

/* ---- a device, the settings ---- */

static void set_device(struct stage *stage)
{
    struct value refused = value_na(NVITOP_WHY_NOT_SUPPORTED);
    refused.code = 3;
    scene_set(stage->snapshot, 1, NVITOP_DEV_FAN_SPEED, refused);
    scene_set(stage->snapshot, 1, NVITOP_DEV_PCIE_TX, value_na(NVITOP_WHY_NOT_ASKED));
    scene_set(stage->snapshot, 1, NVITOP_DEV_EVENT_REASONS, value_int(0x104));
    scene_set(stage->snapshot, 1, NVITOP_DEV_ENERGY, value_int(123456789));
    stage->device_page = (struct device_page){ 1, { 5, 2 } };
}

static void set_no_device(struct stage *stage)
{
    stage->device_page = (struct device_page){ 17, { 0, 0 } };
}

static void draw_device(const struct stage *stage, struct frame *frame)
{
    page_device_draw(&stage->model, &stage->device_page, frame);
}

static void set_setup(struct stage *stage)
{
    stage->model.hidden_columns = 1U << COLUMN_UTIL_MEMORY;
    stage->model.mode = VIEW_DENSE;
    stage->list.current = 4;
}

static void draw_setup(const struct stage *stage, struct frame *frame)
{
    page_setup_draw(&stage->model, &stage->list, frame);
}

/* ---- what the settings offer ---- */

static void every_choice_of_a_column_changes_something(void **state)
{
    uint32_t offered = 0;
    (void)state;
    for (int at = 0; at < page_setup_count(); at++) {
        struct setup_item item = page_setup_item(at);
        if (item.kind != SETUP_COLUMN)
            continue;
        assert_true(process_column_is_hidden(UINT32_C(1) << item.column, item.column));
        assert_true(*process_column_name(item.column));
        assert_int_equal(offered >> item.column, 0); /* each once, in the table's order */
        offered |= UINT32_C(1) << item.column;
    }
    for (size_t i = 0; i < process_column_count; i++)
        assert_int_equal(offered >> i & 1, process_column_is_hidden(UINT32_MAX, i));
}

/* ---- drawing them ---- */

struct screen {
    const char *name;
    struct snapshot *(*scene)(void);
    int columns, rows;
    void (*set)(struct stage *stage);
    void (*draw)(const struct stage *stage, struct frame *frame);
};

static const struct screen screens[] = {
    { "tree-100x20.txt", scene_family, 100, 20, set_tree, draw_tree },
    { "tree-100x20.ansi", scene_family, 100, 20, set_tree_selected, draw_tree },
    { "tree-79x8.ansi", scene_family, 79, 8, set_tree_scrolled, draw_tree },
    { "tree-none-79x5.txt", scene_z, 79, 5, set_tree, draw_tree },
    { "environ-100x12.ansi", scene_a, 100, 12, set_environ, draw_environ },
    { "environ-60x6.txt", scene_a, 60, 6, set_environ_scrolled, draw_environ },
    { "environ-refused-79x6.ansi", scene_a, 79, 6, set_environ_refused, draw_environ },
    { "environ-reading-79x6.txt", scene_a, 79, 6, set_environ_reading, draw_environ },
    { "metrics-140x44.txt", scene_a, 140, 44, set_metrics_history, draw_metrics },
    { "metrics-100x30.ansi", scene_a, 100, 30, set_metrics, draw_metrics },
    { "metrics-gone-79x24.txt", scene_a, 79, 24, set_metrics_gone, draw_metrics },
    { "metrics-50x20.txt", scene_a, 50, 20, set_metrics_history, draw_metrics },
    { "device-160x50.txt", scene_a, 160, 50, set_device, draw_device },
    { "device-79x24.ansi", scene_a, 79, 24, set_device, draw_device },
    { "device-none-79x5.txt", scene_z, 79, 5, set_no_device, draw_device },
    { "setup-79x24.ansi", scene_a, 79, 24, set_setup, draw_setup },
    { "setup-50x8.txt", scene_a, 50, 8, set_setup, draw_setup },
};

static void stage_open(struct stage *stage, const struct screen *screen, int rows, int columns)
{
    *stage = (struct stage){ .snapshot = screen->scene() };
    stage->model = scene_model(stage->snapshot, rows, columns);
    screen->set(stage);
}

static void stage_close(struct stage *stage)
{
    for (int i = 0; i < METRICS_PLOT_COUNT; i++)
        history_done(&stage->metrics_page.plots[i]);
    tree_done(&stage->tree);
    snapshot_unref(stage->snapshot);
}

static char *draw(const struct screen *screen, int rows, int columns, enum frame_colours colours)
{
    struct stage stage;
    struct str text = { 0 };
    stage_open(&stage, screen, rows, columns);
    struct frame *frame = frame_new(rows, columns);
    screen->draw(&stage, frame);
    frame_write(frame, colours, &text);
    frame_free(frame);
    stage_close(&stage);
    return str_take(&text);
}

static void screens_are_the_golden_ones(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
        bool is_ansi = strstr(screens[i].name, ".ansi");
        scene_assert_frame(screens[i].name, draw(&screens[i], screens[i].rows, screens[i].columns,
                                                 is_ansi ? FRAME_ANSI : FRAME_PLAIN));
    }
}

/* Whatever the size, a page is drawn, and into its own frame only. */
static void every_size_is_drawn(void **state)
{
    (void)state;
    static const int sizes[] = { 1, 2, 3, 4, 5, 7, 11, 19, 23, 41, 79, 80, 200 };
    for (size_t i = 0; i < ARRAY_LEN(screens); i++)
        for (size_t row = 0; row < ARRAY_LEN(sizes); row++)
            for (size_t column = 0; column < ARRAY_LEN(sizes); column++) {
                char *text = draw(&screens[i], sizes[row], sizes[column], FRAME_PLAIN);
                int lines = 0;
                for (const char *c = text; *c; c++)
                    lines += *c == '\n';
                assert_int_equal(lines, sizes[row]);
                free(text);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_choice_of_a_column_changes_something),
        cmocka_unit_test(screens_are_the_golden_ones),
        cmocka_unit_test(every_size_is_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
