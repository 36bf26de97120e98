/* From the values of the core to those of the public header, and back to a number. */
#include <assert.h>
#include <math.h>

#include "api/api.h"

static_assert(sizeof(void *) != 8 || sizeof(struct nvitop_value) == 24, "frozen");
static_assert(sizeof(struct nvitop_index) == 8, "frozen");

struct nvitop_value api_value(struct value value)
{
    struct nvitop_value told = { .kind = value.kind, .why = value.why, .nvml_code = value.code };
    switch (value.kind) {
    case NVITOP_TEXT: told.u.text = value.text; break;
    case NVITOP_REAL: told.u.r = value.r; break;
    case NVITOP_INT:
    case NVITOP_BOOL: told.u.i = value.i; break;
    default: break;
    }
    return told;
}

struct nvitop_value api_value_kept(struct nvitop_session *session, struct value value)
{
    struct nvitop_value told = api_value(value);
    if (told.kind == NVITOP_TEXT)
        told.u.text = api_text(session, value.text);
    return told;
}

double nvitop_value_real(const struct nvitop_value *value)
{
    if (!value)
        return NAN;
    if (value->kind == NVITOP_REAL)
        return value->u.r;
    return value->kind == NVITOP_INT || value->kind == NVITOP_BOOL ? (double)value->u.i : NAN;
}
