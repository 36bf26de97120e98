/* Settings of nvitop as one line of text: what differs from the defaults. */
#ifndef TESTS_SETTINGS_TEXT_H
#define TESTS_SETTINGS_TEXT_H

struct nvitop_settings;
struct str;

void settings_text(const struct nvitop_settings *settings, struct str *out);

#endif
