/* One stage at a time: term.h has no state to hand one through. */
#include "fakes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "nvml/nvml.h"
#include "tui/app_loop.h"
#include "view/frame.h"

static struct stage *now;
static int input_fd = -1, wake_fd = -1;

static void ring(int fd)
{
    uint64_t one = 1;
    if (write(fd, &one, sizeof(one)) < 0)
        abort();
}

static void silence(int fd)
{
    uint64_t count;
    if (read(fd, &count, sizeof(count)) < 0)
        return;
}

/* ---- the terminal ---- */

struct term {
    int dummy;
};
static struct term terminal;

bool term_prepare(const struct term_options *options)
{
    (void)options;
    return true;
}

int term_open(const struct term_options *options, struct term **ret_term, const char **ret_why)
{
    (void)options;
    if (now->no_terminal) {
        *ret_why = now->no_terminal;
        return NVITOP_ENOTSUP;
    }
    now->taken++;
    *ret_term = &terminal;
    return NVITOP_OK;
}

void term_close(struct term *term)
{
    now->given_back += term != NULL;
}

void term_size(const struct term *term, int *ret_rows, int *ret_columns)
{
    (void)term;
    *ret_rows = now->rows ? now->rows : 40;
    *ret_columns = now->columns ? now->columns : 120;
}

int term_colours(const struct term *term)
{
    (void)term;
    return 256;
}

int term_input_fd(const struct term *term)
{
    (void)term;
    return input_fd;
}

bool term_next(struct term *term, struct term_event *ret_event)
{
    (void)term;
    silence(input_fd);
    if (now->event_at == now->event_count)
        return false;
    *ret_event = now->events[now->event_at++];
    return true;
}

int term_wait_ms(const struct term *term)
{
    (void)term;
    return -1;
}

void term_paint(struct term *term, const struct frame *frame)
{
    (void)term;
    struct str text = { 0 };
    frame_write(frame, FRAME_PLAIN, &text);
    snprintf(now->text, sizeof(now->text), "%s", str_text(&text));
    str_done(&text);
    now->frames++;
    now->script(now, now->frames, frame);
    if (now->event_at < now->event_count)
        ring(input_fd);
}

void term_forget(struct term *term)
{
    (void)term;
    now->forgotten++;
}

void term_beep(struct term *term)
{
    (void)term;
    now->beeps++;
}

void term_leave(struct term *term)
{
    (void)term;
}

void term_return(struct term *term)
{
    (void)term;
}

/* ---- the source ---- */

static int start(struct source *source, const struct source_demand *demand)
{
    (void)source;
    now->demand = *demand;
    ring(wake_fd);
    return NVITOP_OK;
}

static void demand(struct source *source, const struct source_demand *demand)
{
    (void)source;
    now->demand = *demand;
    now->demands++;
}

static void refresh(struct source *source)
{
    (void)source;
    now->refreshes++;
}

static int get_wake_fd(struct source *source)
{
    (void)source;
    return wake_fd;
}

static struct snapshot *latest(struct source *source)
{
    (void)source;
    silence(wake_fd);
    return now->snapshot ? snapshot_ref(now->snapshot) : NULL;
}

static int opening(struct source *source, struct nvml_failure *ret_failure)
{
    (void)source;
    if (now->opening < 0)
        *ret_failure = (struct nvml_failure){ .status = now->opening };
    return now->opening;
}

static int send_signal(struct source *source, int signal, const struct process_id *targets,
                       size_t count)
{
    (void)source;
    now->sends++;
    now->sent = (struct signal_report){ .signal = signal, .count = count };
    for (size_t i = 0; i < count; i++)
        now->sent.verdicts[i].process = targets[i];
    return NVITOP_OK;
}

static int ask_environ(struct source *source, struct process_id process)
{
    (void)source, (void)process;
    return NVITOP_ENOTSUP;
}

static struct source_environ *take_environ(struct source *source)
{
    (void)source;
    return NULL;
}

static bool take_verdicts(struct source *source, struct signal_report *ret_report)
{
    (void)source;
    if (!now->has_verdicts)
        return false;
    *ret_report = now->verdicts;
    now->has_verdicts = false;
    return true;
}

static const struct source_ops ops = { .start = start,
                                       .demand = demand,
                                       .refresh = refresh,
                                       .wake_fd = get_wake_fd,
                                       .latest = latest,
                                       .opening = opening,
                                       .ask_environ = ask_environ,
                                       .take_environ = take_environ,
                                       .send_signal = send_signal,
                                       .take_verdicts = take_verdicts };

/* ---- the stage ---- */

static void terminal_taken(bool is_taken)
{
    now->is_terminal_taken = is_taken;
}

static const char *save(void *arg, const struct app_settings *settings, unsigned changed)
{
    (void)arg;
    now->changed = changed;
    now->saved = *settings;
    now->saves++;
    return NULL;
}

struct stage *stage_new(struct snapshot *snapshot)
{
    now = xcalloc(1, sizeof(*now));
    now->source.ops = &ops;
    now->snapshot = snapshot;
    input_fd = eventfd(0, EFD_NONBLOCK);
    wake_fd = eventfd(0, EFD_NONBLOCK);
    return now;
}

void stage_free(struct stage *stage)
{
    snapshot_unref(stage->snapshot);
    free(stage);
    now = NULL;
    close(input_fd);
    close(wake_fd);
}

struct app_result stage_run(struct stage *stage, bool is_readonly)
{
    struct app_options options = { .source = &stage->source,
                                   .theme = { .gpu_thresholds = { 10, 75 },
                                              .memory_thresholds = { 10, 80 } },
                                   .version = "1.0.0",
                                   .interval = 2,
                                   .is_readonly = is_readonly,
                                   .has_processes = true,
                                   .save = save,
                                   .terminal_taken = terminal_taken };
    struct app_result result;
    struct nvml_failure failure;
    app_run(&options, &result, &failure);
    snapshot_unref(result.snapshot);
    return result;
}

void stage_key_later(struct stage *stage, uint32_t key, unsigned ms)
{
    stage->events[stage->event_count++] = (struct term_event){
        .kind = TERM_KEY, .at_ns = clock_mono_ns() + ms * CLOCK_NS_PER_MS, .key = key
    };
}

void stage_key(struct stage *stage, uint32_t key)
{
    stage_key_later(stage, key, 0);
}

void stage_keys(struct stage *stage, const char *keys)
{
    for (; *keys; keys++)
        stage_key(stage, (unsigned char)*keys);
}

void stage_show(struct stage *stage, struct snapshot *snapshot)
{
    snapshot_unref(stage->snapshot);
    stage->snapshot = snapshot;
    ring(wake_fd);
}
