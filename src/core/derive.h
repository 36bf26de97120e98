/* Device metrics that are computed from others: one row each in derive.c. */
#ifndef NVITOP_CORE_DERIVE_H
#define NVITOP_CORE_DERIVE_H

#include "base/value.h"
#include "core/metric.h"

/* Adds to the set what its derived metrics are computed from. */
void derive_needs(struct metric_set *set);

/* Computes every derived metric of one device row from its values. */
void derive_values(struct value values[NVITOP_DEV_COUNT]);

#endif
