/* What comes from the source, and what it is told. */
#ifndef NVITOP_TUI_APP_NEWS_H
#define NVITOP_TUI_APP_NEWS_H

struct app;

/* Takes what is new and tells the screens. */
void app_take_news(struct app *app);

/* Tells the source what is shown now, if that has changed; the first time, starts it. */
void app_tell_demand(struct app *app);

#endif
