/*
 * Windows tells of no pipe whether it has room, so a thread of its own writes, and tells by an
 * event that it is done. Nothing but a look at that event is done here, so a reader who is slow, or
 * somebody who selects text in a console, holds up the thread alone.
 *
 * The thread has the lines from outlet_put until the event; the rest of the writer is the caller's.
 * A thread that does not come back from a write when it is told to is left with all that it has.
 */
#include "cmd/outlet.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <windows.h>

#include "base/await.h"
#include "base/clock.h"
#include "base/mem.h"

enum { STDOUT = 1, ALWAYS_READY = -1, CANCEL_MS = 200, CANCEL_STEP_MS = 10 };

struct outlet_writer {
    HANDLE out, thread;
    HANDLE work; /* set: there are lines, or it is over */
    HANDLE done; /* set: the thread has no lines */
    struct str lines;
    DWORD why;   /* of the newest lines: 0, or the system's error */
    bool is_out; /* lines are with the thread, for all that the caller knows */
    bool is_over;
};

static DWORD write_all(HANDLE out, const struct str *lines)
{
    for (size_t taken = 0; taken < lines->len;) {
        DWORD put = 0;
        if (!WriteFile(out, lines->data + taken, (DWORD)MIN_OF(lines->len - taken, UINT32_MAX),
                       &put, NULL))
            return GetLastError();
        taken += put;
    }
    return ERROR_SUCCESS;
}

static DWORD WINAPI run(void *arg)
{
    struct outlet_writer *writer = arg;
    while (WaitForSingleObject(writer->work, INFINITE) == WAIT_OBJECT_0 && !writer->is_over) {
        writer->why = write_all(writer->out, &writer->lines);
        SetEvent(writer->done);
    }
    return 0;
}

static void free_writer(struct outlet_writer *writer)
{
    const HANDLE handles[] = { writer->thread, writer->work, writer->done };
    for (size_t i = 0; i < ARRAY_LEN(handles); i++)
        if (handles[i])
            CloseHandle(handles[i]);
    str_done(&writer->lines);
    free(writer);
}

/* NULL if the system gives no thread. */
static struct outlet_writer *new_writer(void)
{
    struct outlet_writer *writer = xcalloc(1, sizeof(*writer));
    writer->out = (HANDLE)_get_osfhandle(STDOUT);
    writer->work = CreateEventW(NULL, FALSE, FALSE, NULL);
    writer->done = CreateEventW(NULL, TRUE, TRUE, NULL);
    if (writer->work && writer->done)
        writer->thread = CreateThread(NULL, 0, run, writer, 0, NULL);
    if (writer->thread)
        return writer;
    free_writer(writer);
    return NULL;
}

void outlet_open(struct outlet *outlet)
{
    struct outlet_writer *writer = new_writer();
    *outlet = (struct outlet){ .writer = writer,
                               .fd = writer ? (int)(intptr_t)writer->done : ALWAYS_READY };
}

/* A write is let go of again and again: it may just not have begun. */
static bool end_thread(struct outlet_writer *writer)
{
    writer->is_over = true;
    SetEvent(writer->work);
    for (int ms = 0; ms < CANCEL_MS; ms += CANCEL_STEP_MS) {
        CancelSynchronousIo(writer->thread);
        if (WaitForSingleObject(writer->thread, CANCEL_STEP_MS) == WAIT_OBJECT_0)
            return true;
    }
    return false;
}

void outlet_close(struct outlet *outlet)
{
    if (outlet->writer && end_thread(outlet->writer))
        free_writer(outlet->writer);
    outlet->writer = NULL;
}

unsigned outlet_wants(const struct outlet *outlet, bool is_waiting)
{
    return is_waiting || (outlet->writer && outlet->writer->is_out) ? AWAIT_WRITE : 0U;
}

static const struct {
    DWORD error;
    int number;
} errors[] = { { ERROR_BROKEN_PIPE, EPIPE },        { ERROR_NO_DATA, EPIPE },
               { ERROR_PIPE_NOT_CONNECTED, EPIPE }, { ERROR_DISK_FULL, ENOSPC },
               { ERROR_ACCESS_DENIED, EBADF },      { ERROR_INVALID_HANDLE, EBADF } };

static enum outlet_state state_of(DWORD why)
{
    errno = EIO;
    for (size_t i = 0; i < ARRAY_LEN(errors); i++)
        if (errors[i].error == why)
            errno = errors[i].number;
    return errno == EPIPE ? OUTLET_GONE : OUTLET_ERROR;
}

enum outlet_state outlet_go_on(struct outlet *outlet, unsigned seen)
{
    struct outlet_writer *writer = outlet->writer;
    if (!writer) {
        errno = EAGAIN;
        return OUTLET_ERROR;
    }
    if (!writer->is_out)
        return OUTLET_READY;
    if (!(seen & AWAIT_WRITE))
        return OUTLET_BUSY;
    writer->is_out = false;
    return writer->why ? state_of(writer->why) : OUTLET_READY;
}

void outlet_put(struct outlet *outlet, struct str *lines)
{
    struct outlet_writer *writer = outlet->writer;
    str_done(&writer->lines);
    writer->lines = *lines;
    *lines = (struct str){ 0 };
    writer->is_out = true;
    ResetEvent(writer->done);
    SetEvent(writer->work);
}

void outlet_finish(struct outlet *outlet, uint64_t deadline_ns)
{
    struct outlet_writer *writer = outlet->writer;
    uint64_t now = clock_mono_ns();
    if (writer && writer->is_out && now < deadline_ns)
        WaitForSingleObject(writer->done, (DWORD)((deadline_ns - now) / CLOCK_NS_PER_MS) + 1);
}
