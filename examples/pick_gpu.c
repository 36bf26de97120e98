/*
 * Prints the index and the UUID of the freest GPU, one that has at least so much memory free:
 *     pick_gpu [SIZE]          as in: pick_gpu 8GiB
 * Exit status 1 and no output if no GPU has.
 */
#include <nvitop/nvitop.h>
#include <stdio.h>
#include <stdlib.h>

static int print_device(struct nvitop_device *device)
{
    static const int id = NVITOP_DEV_UUID;
    struct nvitop_index index = nvitop_device_index(device);
    struct nvitop_value uuid;
    int status = nvitop_device_read(device, &id, 1, &uuid);
    if (status != NVITOP_OK)
        return status;
    if (index.mig >= 0)
        printf("%d:%d %s\n", (int)index.physical, (int)index.mig, uuid.u.text);
    else
        printf("%d %s\n", (int)index.physical, uuid.u.text);
    return NVITOP_OK;
}

int main(int argc, char *argv[])
{
    struct nvitop_select wanted;
    struct nvitop_session *session = NULL;
    struct nvitop_device *device = NULL;
    size_t count = 0;

    nvitop_select_init(&wanted);
    wanted.max_count = 1;
    if (argc > 1 && nvitop_human_bytes(argv[1], &wanted.min_free_bytes) != NVITOP_OK) {
        fprintf(stderr, "pick_gpu: no size: %s\n", argv[1]);
        return 2;
    }
    int status = nvitop_session_open(NULL, &session);
    if (status == NVITOP_OK)
        status = nvitop_select_run(session, &wanted, NULL, 0, &device, 1, &count);
    if (status == NVITOP_OK && count == 0)
        status = NVITOP_ENOTFOUND;
    if (status == NVITOP_OK)
        status = print_device(device); /* of a chosen device the UUID is known */
    if (status != NVITOP_OK)
        fprintf(stderr, "pick_gpu: %s\n", nvitop_status_text(status));
    nvitop_session_close(session);
    return status == NVITOP_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
