/* The date. English names whatever the locale: the line is as fixed as the rest of a screen. */
#include "view/date_line.h"

#include <stdio.h>
#include <time.h>

#include "view/frame.h"

int date_line_draw(struct frame *frame, int row, uint64_t epoch_us)
{
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t seconds = (time_t)(epoch_us / 1000000);
    struct tm at;
    char text[64];
    if (!localtime_r(&seconds, &at))
        return 0;
    snprintf(text, sizeof(text), "%.3s %.3s %02d %02d:%02d:%02d %d", days + 3 * (at.tm_wday % 7),
             months + 3 * (at.tm_mon % 12), at.tm_mday, at.tm_hour, at.tm_min, at.tm_sec,
             at.tm_year + 1900);
    return frame_text(frame, row, 0, sizeof(text), (struct style){ 0 }, text);
}

void date_line_clock(uint64_t epoch_us, char ret_text[CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(epoch_us / 1000000);
    struct tm at = { 0 };
    localtime_r(&seconds, &at);
    snprintf(ret_text, CLOCK_TEXT_SIZE, "%02d:%02d:%02d", at.tm_hour % 100, at.tm_min % 100,
             at.tm_sec % 100);
}
