/* One sentence, whose parts have their own styles. */
#include "view/signal_hint.h"

#include "base/mem.h"

enum part { TEXT, KEY, NAME };

void signal_hint_draw(struct frame *frame, int row, int column,
                      const struct signal_hint_styles *styles)
{
    static const struct {
        enum part part;
        const char *text;
    } parts[] = {
        { TEXT, "(Press " },
        { KEY, "^C" },
        { TEXT, "(" },
        { NAME, "INT" },
        { TEXT, ")/" },
        { KEY, "T" },
        { TEXT, "(" },
        { NAME, "TERM" },
        { TEXT, ")/" },
        { KEY, "K" },
        { TEXT, "(" },
        { NAME, "KILL" },
        { TEXT, ") to send signals)" },
    };
    const struct style of[] = { [TEXT] = styles->text, [KEY] = styles->key, [NAME] = styles->name };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        column = frame_text(frame, row, column, frame_columns(frame) - column, of[parts[i].part],
                            parts[i].text);
}
