/* How the main screen is arranged, and the words for it: options, files and pages say the same. */
#ifndef NVITOP_VIEW_VIEW_MODE_H
#define NVITOP_VIEW_VIEW_MODE_H

enum view_mode { VIEW_AUTO, VIEW_FULL, VIEW_COMPACT, VIEW_DENSE, VIEW_MODE_COUNT };

extern const char *const view_mode_words[VIEW_MODE_COUNT + 1]; /* NULL after the last */

#endif
