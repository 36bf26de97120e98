/* One text in three colours. Invariant: it never reaches the title at the left of its row. */
#include "view/viewer.h"

#include <stdio.h>

#include "base/utf8.h"
#include "core/snapshot.h"
#include "view/text.h"
#include "view/theme.h"

enum { USER_MOST = 31, TITLE = 11, BORDERS = 4 };

void viewer_draw(struct frame *frame, int row, const struct panel *panel)
{
    const struct snapshot *snapshot = panel->snapshot;
    char host[TEXT_SIZE], cut_user[TEXT_SIZE], cut_host[TEXT_SIZE];
    const char *user =
        text_cut_end(snapshot->user ? snapshot->user : TEXT_NA, USER_MOST, "+", cut_user);
    snprintf(host, sizeof(host), "%.200s%s", snapshot->hostname ? snapshot->hostname : TEXT_NA,
             snapshot->is_wsl ? " (WSL)" : "");
    int room = panel->width - BORDERS - TITLE - USER_MOST - 1;
    const char *name = text_cut_end(host, room, "..", cut_host);
    int column = panel->width - 2 - utf8_width(user) - 1 - utf8_width(name);
    enum theme_role role = snapshot->is_superuser ? ROLE_SUPERUSER : ROLE_USER;
    column = frame_text(frame, row, column, panel->width, theme_style(panel->theme, role), user);
    column = frame_text(frame, row, column, 1, theme_style(panel->theme, ROLE_AT), "@");
    frame_text(frame, row, column, panel->width, theme_style(panel->theme, ROLE_HOSTNAME), name);
}
