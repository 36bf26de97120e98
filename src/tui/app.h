/* What the app does for its screens. */
#ifndef NVITOP_TUI_APP_H
#define NVITOP_TUI_APP_H

#include <stdbool.h>
#include <stdint.h>

struct app;
struct model;
struct screen;
struct term_event;
struct source;

struct model *app_model(struct app *app);
struct source *app_source(struct app *app);
void app_push(struct app *app, struct screen *screen); /* NULL: nothing happens */
void app_pop(struct app *app);                         /* the last one: ends the monitor */
void app_quit(struct app *app);
void app_redraw(struct app *app); /* everything is sent again */
/* A line above the process table for some seconds, or until the next key. */
void app_notice(struct app *app, bool is_refusal, const char *format, ...)
    __attribute__((format(NVITOP_PRINTF, 3, 4)));
/* These settings (bits of enum app_setting) were changed, and are remembered now; others, which a
 * command line may have set for once, are not. */
void app_save(struct app *app, unsigned changed);
uint64_t app_now_ns(const struct app *app);
/* The key that is being acted upon, or was last. */
const struct term_event *app_last_key(const struct app *app);

#endif
