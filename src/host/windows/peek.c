/*
 * Command line and environment lie in a process's own memory, where its block of parameters points
 * to them; both have stood at the same places since Windows 7. A 64-bit program can read those of
 * 32-bit ones, which have a 64-bit block as well. Nothing that is read is believed: sizes are
 * bounded, and what cannot be read has a reason.
 */
#include <stdlib.h>
#include <string.h>
#include <winternl.h>

#include "base/mem.h"
#include "host/windows/internal.h"

enum {
    BASIC_INFORMATION = 0,
    PARAMETERS_AT = 0x20,   /* in the process's environment block */
    COMMAND_LINE_AT = 0x70, /* in its parameters */
    ENVIRONMENT_AT = 0x80,
    ENVIRONMENT_SIZE_AT = 0x3f0,
    BYTES_MAX = 1024 * 1024,
};

struct block {
    HANDLE process;
    const char *parameters;
};

static bool read_memory(HANDLE process, const char *at, void *into, size_t size)
{
    SIZE_T got = 0;
    return ReadProcessMemory(process, at, into, size, &got) && got == size;
}

static bool find_parameters(struct block *block)
{
    NTSTATUS(NTAPI * query)(HANDLE, int, void *, ULONG, ULONG *);
    void *address = nt_function("NtQueryInformationProcess");
    PROCESS_BASIC_INFORMATION basic = { 0 };
    memcpy(&query, &address, sizeof(query));
    return address && query(block->process, BASIC_INFORMATION, &basic, sizeof(basic), NULL) == 0 &&
           read_memory(block->process, (const char *)basic.PebBaseAddress + PARAMETERS_AT,
                       &block->parameters, sizeof(block->parameters)) &&
           block->parameters;
}

static bool open_block(pid_t pid, struct block *ret_block, enum nvitop_why *ret_why)
{
    DWORD rights = PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ;
    *ret_block = (struct block){ .process = OpenProcess(rights, FALSE, (DWORD)pid) };
    if (!ret_block->process) {
        *ret_why = why_of_error(GetLastError());
        return false;
    }
    if (find_parameters(ret_block))
        return true;
    *ret_why = NVITOP_WHY_ERROR;
    CloseHandle(ret_block->process);
    return false;
}

/* `bytes` from there, as text with two units of nothing behind it. */
static wchar_t *copy(const struct block *block, const char *at, size_t bytes, size_t *ret_len,
                     enum nvitop_why *ret_why)
{
    size_t size = MIN_OF(bytes, (size_t)BYTES_MAX) / sizeof(wchar_t) * sizeof(wchar_t);
    wchar_t *text = xcalloc(size / sizeof(wchar_t) + 2, sizeof(wchar_t));
    if (size && !read_memory(block->process, at, text, size)) {
        *ret_why = why_of_error(GetLastError());
        free(text);
        return NULL;
    }
    *ret_len = size / sizeof(wchar_t);
    return text;
}

wchar_t *peek_command_line(pid_t pid, size_t *ret_len, enum nvitop_why *ret_why)
{
    struct block block;
    UNICODE_STRING line;
    wchar_t *text = NULL;
    if (!open_block(pid, &block, ret_why))
        return NULL;
    if (read_memory(block.process, block.parameters + COMMAND_LINE_AT, &line, sizeof(line)))
        text = copy(&block, (const char *)line.Buffer, line.Length, ret_len, ret_why);
    else
        *ret_why = NVITOP_WHY_ERROR;
    CloseHandle(block.process);
    return text;
}

wchar_t *peek_environment(pid_t pid, size_t *ret_len, enum nvitop_why *ret_why)
{
    struct block block;
    const char *at = NULL;
    SIZE_T bytes = 0;
    wchar_t *text = NULL;
    if (!open_block(pid, &block, ret_why))
        return NULL;
    if (read_memory(block.process, block.parameters + ENVIRONMENT_AT, &at, sizeof(at)) &&
        read_memory(block.process, block.parameters + ENVIRONMENT_SIZE_AT, &bytes, sizeof(bytes)))
        text = copy(&block, at, bytes, ret_len, ret_why);
    else
        *ret_why = NVITOP_WHY_ERROR;
    CloseHandle(block.process);
    return text;
}
