/*
 * Which devices there are, asked as a snapshot asks: in parallel, and no longer than until the
 * deadline, so that one GPU that hangs hides no other.
 */
#include "api/api.h"
#include "base/mem.h"

int api_survey(struct nvitop_session *session, struct snapshot **ret_survey)
{
    static const int ids[] = { NVITOP_DEV_UUID, NVITOP_DEV_BUS_ID, NVITOP_DEV_MIG_MODE,
                               NVITOP_DEV_GPU_INSTANCE_ID, NVITOP_DEV_COMPUTE_INSTANCE_ID };
    struct session_request request = { 0 };
    api_device_set(ids, ARRAY_LEN(ids), &request.metrics.gpu);
    request.metrics.mig = request.metrics.gpu;
    return session_snapshot(session->core, &request, ret_survey);
}
