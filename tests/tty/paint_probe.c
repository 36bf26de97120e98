/*
 * Random frames, one after the other, and the bytes that paint them: paint_probe SEED ROWS COLUMNS
 * FRAMES COLOURS [ascii]. For each frame: a line with the number of bytes, the bytes, and one line
 * for each row, its cells separated by US: text, foreground, background, attributes, RGB, separated
 * by FS. The frames change a little from one to the next.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "tui/term_caps.h"
#include "tui/term_screen.h"
#include "view/frame.h"

static const char *const words[] = {
    "a",
    "GPU",
    " 12%",
    "python3 train.py --epochs=90",
    "│",
    "├───┼───┤",
    "█████▏",
    "⣿⣷⣶⣄",
    "é",
    "ß±°",
    "中文",
    "漢字かな混じり文",
    "한국",
    "😀",
    "🫨x",
    "e\xcc\x81",
    "x\xcc\x88\xcc\xa3",
    "\xee\x82\xa0 branch",
    "ไทย",
    "    ",
    "                    ",
    "Ω≈ç√",
    "→",
    "中\xcc\x81",
    "�",
    "𝔘𝔫𝔦",
    "◆▲▼",
};

static uint32_t state;

static int pick(int count)
{
    state = state * 1664525u + 1013904223u;
    return (int)((state >> 8) % (uint32_t)count);
}

static struct style pick_style(void)
{
    if (pick(3) == 0)
        return (struct style){ 0 };
    struct style style = { .fg = (uint8_t)pick(COLOUR_RGB + 1), .attrs = (uint8_t)pick(64) };
    style.bg = (uint8_t)(pick(4) ? 0 : pick(COLOUR_RGB));
    if (style.fg == COLOUR_RGB)
        style.rgb = (uint32_t)pick(1 << 24);
    return style;
}

static void change(struct frame *frame)
{
    int rows = frame_rows(frame), columns = frame_columns(frame), row = pick(rows);
    int column = pick(columns + 4) - 2, width = pick(columns) + 1;
    const char *word = words[pick((int)ARRAY_LEN(words))];
    if (pick(12) == 0)
        frame_fill(frame, row, column, width, pick(2) ? " " : "─");
    else if (pick(12) == 0)
        frame_restyle(frame, row, column, width, pick_style());
    else
        frame_text(frame, row, column, width, pick_style(), word);
}

static void tell(const struct frame *frame)
{
    for (int row = 0; row < frame_rows(frame); row++) {
        for (int column = 0; column < frame_columns(frame); column++) {
            const struct cell *cell = frame_cell(frame, row, column);
            printf("%s%s\x1c%u\x1c%u\x1c%u\x1c%u", column ? "\x1f" : "", cell->text, cell->style.fg,
                   cell->style.bg, cell->style.attrs, cell->style.rgb);
        }
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    if (argc < 6)
        return 2;
    state = (uint32_t)atoi(argv[1]);
    int rows = atoi(argv[2]), columns = atoi(argv[3]), frames = atoi(argv[4]);
    bool is_ascii = argc > 6 && strcmp(argv[6], "ascii") == 0;
    struct term_caps caps = {
        .colours = atoi(argv[5]),
        .attrs = 63,
        .colour_attrs = 63,
        .has_off_codes = atoi(argv[5]) > 0, /* a VT100 has neither */
        .has_screen = true,
    };
    struct term_screen *screen = term_screen_new(&caps, is_ascii);
    struct frame *frame = frame_new(rows, columns);
    struct str out = { 0 };
    for (int i = 0; i < frames; i++) {
        for (int changes = pick(20); changes > 0; changes--)
            change(frame);
        if (pick(40) == 0)
            term_screen_forget(screen);
        str_clear(&out);
        term_screen_paint(screen, frame, rows, columns, &out);
        printf("%zu\n", out.len);
        fwrite(str_text(&out), 1, out.len, stdout);
        tell(frame);
    }
    str_done(&out);
    frame_free(frame);
    term_screen_free(screen);
    return 0;
}
