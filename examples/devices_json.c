/*
 * All devices, their processes and the host as JSON on stdout:
 *     devices_json
 * A driver that cannot be opened is told on stderr in its own words.
 */
#include <nvitop/nvitop.h>
#include <stdio.h>
#include <stdlib.h>

static int fail(struct nvitop_session *session, int status)
{
    struct nvitop_failure failure = { .size = sizeof(failure) };
    fprintf(stderr, "devices_json: %s", nvitop_status_text(status));
    if (nvitop_session_failure(session, &failure) == NVITOP_OK && failure.text[0])
        fprintf(stderr, ": %s", failure.text);
    fputc('\n', stderr);
    return EXIT_FAILURE;
}

int main(void)
{
    struct nvitop_options options;
    struct nvitop_session *session = NULL;
    struct nvitop_snapshot *snapshot = NULL;
    char *json = NULL;
    int result = EXIT_SUCCESS;

    /* Lazy: there is a session to ask for the reason when the driver cannot be opened. */
    nvitop_options_init(&options);
    options.flags = NVITOP_OPEN_LAZY;
    int status = nvitop_session_open(&options, &session);
    if (status == NVITOP_OK)
        status = nvitop_snapshot_take(session, NULL, &snapshot);
    if (status == NVITOP_OK)
        status = nvitop_snapshot_json(snapshot, NVITOP_JSON_PRETTY, &json);
    if (status != NVITOP_OK)
        result = fail(session, status);
    else if (puts(json) < 0)
        result = EXIT_FAILURE;

    nvitop_text_free(json);
    nvitop_snapshot_unref(snapshot);
    nvitop_session_close(session);
    return result;
}
