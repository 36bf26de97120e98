/* The names of labels that samples have by themselves, with or without those of other exporters. A
 * sample may have no name twice, so users cannot give one of these. */
#ifndef NVITOP_REPORT_PROMETHEUS_LABELS_H
#define NVITOP_REPORT_PROMETHEUS_LABELS_H

#include <stdbool.h>

bool prometheus_has_label(const char *name);

#endif
