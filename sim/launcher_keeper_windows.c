/*
 * Here the launcher's own process is the keeper, for it waits for the command anyway. The demo
 * processes are in a job that ends them when its last handle is closed; only the launcher has one,
 * and the system closes it however the launcher ends.
 *
 * They are started parents first, each as the child of the one it shall have as its parent. What
 * has ended, or is a zombie, which Windows does not know, is one that was started and ended; our
 * handle of it keeps its pid from being another's.
 */
#include "sim/launcher_keeper.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "base/environment.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wide_windows.h"
#include "nvitop/nvitop.h"
#include "sim/launcher_demo.h"
#include "sim/launcher_stub_title.h"

enum { PATH_SIZE = 32768, LINE_MAX_LEN = 32000, TITLE_SIZE = 64 };

struct keeper {
    const struct demo_set *set;
    HANDLE job;
    wchar_t *exe;
    HANDLE *processes; /* of the set */
    struct str pids;
};

static HANDLE make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = { .BasicLimitInformation.LimitFlags =
                                                        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE };
    HANDLE job = CreateJobObjectW(NULL, NULL);
    if (job)
        SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof(limits));
    return job;
}

/* Windows takes no line of 32 Ki characters or more. */
static wchar_t *make_line(const struct demo_process *process)
{
    if (process->is_argv_cleared)
        return wide_from(" ");
    wchar_t *line = wide_command((const char *const *)process->argv);
    if (wcslen(line) > LINE_MAX_LEN)
        line[LINE_MAX_LEN] = 0;
    return line;
}

/* A plain user's environment, and what the scenario adds; each pair ends with a NUL, all with
 * another. */
static wchar_t *make_environment(const struct demo_process *process)
{
    struct str text = { 0 };
    const char *system = environment_get("SystemRoot");
    str_printf(&text, "SystemRoot=%s%c", system ? system : "C:\\Windows", 0);
    str_printf(&text, "USERNAME=%s%cUSERPROFILE=%s%c", process->user, 0, process->home, 0);
    for (char **pair = process->env; pair && *pair; pair++)
        str_printf(&text, "%s%c", *pair, 0);
    wchar_t *wide = xcalloc(text.len + 1, sizeof(*wide)); /* never more than there are bytes */
    MultiByteToWideChar(CP_UTF8, 0, text.data, (int)text.len, wide, (int)text.len);
    str_done(&text);
    return wide;
}

static bool create(const struct keeper *keeper, const struct demo_process *process,
                   STARTUPINFOEXW *startup, PROCESS_INFORMATION *ret_child)
{
    wchar_t title[TITLE_SIZE];
    wchar_t *line = make_line(process), *environment = make_environment(process);
    swprintf(title, TITLE_SIZE, STUB_TITLE L"%u %u", process->cpu_permille, process->threads);
    startup->StartupInfo.lpTitle = title;
    bool is_started = CreateProcessW(keeper->exe, line, NULL, NULL, FALSE,
                                     CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT |
                                         DETACHED_PROCESS | EXTENDED_STARTUPINFO_PRESENT,
                                     environment, NULL, &startup->StartupInfo, ret_child);
    free(line);
    free(environment);
    return is_started;
}

/* As the child of `parent`, or of ours if that is NULL. */
static bool create_below(const struct keeper *keeper, const struct demo_process *process,
                         HANDLE *parent, PROCESS_INFORMATION *ret_child)
{
    SIZE_T size = 0;
    STARTUPINFOEXW startup = { .StartupInfo.cb = sizeof(startup) };
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    startup.lpAttributeList = xmalloc(size);
    InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    if (parent)
        UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_PARENT_PROCESS,
                                  parent, sizeof(*parent), NULL, NULL);
    bool is_started = create(keeper, process, &startup, ret_child);
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    free(startup.lpAttributeList);
    return is_started;
}

/* Who was started below another is in the job by that. It does not run before it is. */
static bool put_into_job(const struct keeper *keeper, HANDLE process)
{
    BOOL is_there = FALSE;
    return (IsProcessInJob(process, keeper->job, &is_there) && is_there) ||
           AssignProcessToJobObject(keeper->job, process);
}

static bool start_one(struct keeper *keeper, int index)
{
    const struct demo_process *process = &keeper->set->items[index];
    PROCESS_INFORMATION child;
    HANDLE *parent = process->parent < 0 ? NULL : &keeper->processes[process->parent];
    if (!create_below(keeper, process, parent, &child))
        return false;
    bool is_kept = put_into_job(keeper, child.hProcess);
    if (!is_kept || process->state != DEMO_LIVE) {
        TerminateProcess(child.hProcess, 1);
        WaitForSingleObject(child.hProcess, INFINITE);
    } else {
        ResumeThread(child.hThread);
    }
    CloseHandle(child.hThread);
    keeper->processes[index] = child.hProcess;
    str_printf(&keeper->pids, "%s %lu\n", process->name, child.dwProcessId);
    return is_kept;
}

/* What failed, or NULL. */
static const char *start_from(struct keeper *keeper, int first)
{
    const char *failed = NULL;
    for (int i = first; i >= 0 && !failed; i = keeper->set->items[i].next)
        failed = start_one(keeper, i) ? start_from(keeper, keeper->set->items[i].first_child)
                                      : keeper->set->items[i].name;
    return failed;
}

static int start_all(struct keeper *keeper, const struct place *place, struct str *why)
{
    const char *failed = start_from(keeper, keeper->set->first_root);
    if (failed)
        str_printf(why, "the scenario's processes don't start: %s: error %lu", failed,
                   GetLastError());
    else if (!place_write(place, "pids", str_text(&keeper->pids), keeper->pids.len))
        str_printf(why, "the pid map cannot be written: %s", strerror(errno));
    return why->len ? NVITOP_EUNKNOWN : NVITOP_OK;
}

int keeper_start(const struct keeper_plan *plan, struct keeper_home *ret_home, struct str *ret_why)
{
    struct keeper_home home = { .place.lock = -1 };
    struct keeper keeper = { .set = plan->set, .job = make_job() };
    int status = NVITOP_EUNKNOWN;
    keeper.exe = xcalloc(PATH_SIZE, sizeof(*keeper.exe));
    keeper.processes = xcalloc(plan->set->count + 1, sizeof(*keeper.processes));
    if (!keeper.job || !GetModuleFileNameW(NULL, keeper.exe, PATH_SIZE - 1))
        str_printf(ret_why, "no process can be started: error %lu", GetLastError());
    else if (plan->furnish(plan->arg, &home, ret_why))
        status = start_all(&keeper, &home.place, ret_why);
    free(keeper.exe);
    str_done(&keeper.pids);
    free(keeper.processes); /* the handles, the job's too, are the system's to close */
    if (status < 0)
        free(home.place.prefix);
    else
        *ret_home = home;
    return status;
}
