/* Screens that are still being made. */
#include "tui/app.h"
#include "tui/screen.h"

#include <stddef.h>

struct screen *screen_help_new(struct app *app)
{
    (void)app;
    return NULL;
}
struct screen *screen_box_new(struct app *app, int signal)
{
    (void)signal;
    app_notice(app, false, "press q to quit");
    return NULL;
}
