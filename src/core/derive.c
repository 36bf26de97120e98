/* Derived metrics. N/A in, N/A out, with the reason of the operand that was missing. */
#include "core/derive.h"

#include "base/mem.h"

/* Memory of the device's own; core/uma.c says UMA where the host's is shared. */
static struct value memory_kind(struct value total, struct value unused)
{
    (void)unused;
    return value_is_na(total) ? total : value_text("FB");
}

static const struct {
    int id, first, second;
    struct value (*compute)(struct value first, struct value second);
} rows[] = {
    { NVITOP_DEV_MEMORY_PERCENT, NVITOP_DEV_MEMORY_USED, NVITOP_DEV_MEMORY_TOTAL,
      value_percent_rounded },
    { NVITOP_DEV_MEMORY_KIND, NVITOP_DEV_MEMORY_TOTAL, NVITOP_DEV_MEMORY_TOTAL, memory_kind },
    { NVITOP_DEV_BAR1_PERCENT, NVITOP_DEV_BAR1_USED, NVITOP_DEV_BAR1_TOTAL, value_percent_rounded },
    { NVITOP_DEV_POWER_PERCENT, NVITOP_DEV_POWER_USAGE, NVITOP_DEV_POWER_LIMIT, value_percent },
};

void derive_needs(struct metric_set *set)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (!metric_set_has(set, rows[i].id))
            continue;
        metric_set_add(set, rows[i].first);
        metric_set_add(set, rows[i].second);
    }
}

void derive_values(struct value values[NVITOP_DEV_COUNT])
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        values[rows[i].id - NVITOP_DEV_NAME] = rows[i].compute(
            values[rows[i].first - NVITOP_DEV_NAME], values[rows[i].second - NVITOP_DEV_NAME]);
}
