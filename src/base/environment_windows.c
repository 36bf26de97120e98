/*
 * The process's own environment. The C library has but a copy of it, of the start, in which a
 * character is lost that the system's old code page does not have.
 *
 * What was given away stays for as long as the process lives: the same text is there once.
 */
#include "environment.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "mem.h"
#include "wide_windows.h"

enum { VALUE_SIZE = 256 };

struct kept {
    struct kept *next;
    char *text;
};

static struct kept *_Atomic newest;

/* Takes the text. Two threads at once may keep one twice. */
static const char *keep(char *text)
{
    struct kept *next = atomic_load(&newest);
    for (const struct kept *at = next; at; at = at->next) {
        if (strcmp(at->text, text) == 0) {
            free(text);
            return at->text;
        }
    }
    struct kept *fresh = xcalloc(1, sizeof(*fresh));
    *fresh = (struct kept){ next, text };
    while (!atomic_compare_exchange_weak(&newest, &fresh->next, fresh))
        ;
    return fresh->text;
}

/* Malloc'd; NULL: it is not set. It may be set to nothing. */
static wchar_t *read_value(const wchar_t *name, DWORD *ret_len)
{
    wchar_t *value = NULL;
    DWORD size = VALUE_SIZE, room;
    do {
        room = size;
        value = xreallocarray(value, room, sizeof(*value));
        SetLastError(ERROR_SUCCESS);
        size = GetEnvironmentVariableW(name, value, room);
    } while (size >= room); /* it has grown, or is longer: now it is said how long */
    if (size || GetLastError() != ERROR_ENVVAR_NOT_FOUND) {
        *ret_len = size;
        return value;
    }
    free(value);
    return NULL;
}

const char *environment_get(const char *name)
{
    DWORD len = 0;
    wchar_t *wide = wide_from(name), *value = read_value(wide, &len);
    const char *text = value ? keep(wide_to(value, len)) : NULL;
    free(wide);
    free(value);
    return text;
}

/*
 * Whether UAC has raised this process above its user's others: variables of his come to it as they
 * stand in the registry, where each of those others may set them. Without UAC (a wine, too) all of
 * an administrator's programs may the same, though their tokens may look alike.
 */
static bool is_raised(void)
{
    static const wchar_t policies[] =
        L"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System";
    TOKEN_ELEVATION_TYPE type = TokenElevationTypeFull;
    DWORD has_uac = 1, type_size = sizeof(type), uac_size = sizeof(has_uac);
    HANDLE token;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        GetTokenInformation(token, TokenElevationType, &type, type_size, &type_size);
        CloseHandle(token);
    }
    RegGetValueW(HKEY_LOCAL_MACHINE, policies, L"EnableLUA", RRF_RT_REG_DWORD, NULL, &has_uac,
                 &uac_size);
    return type == TokenElevationTypeFull && has_uac;
}

const char *environment_trusted(const char *name)
{
    return is_raised() ? NULL : environment_get(name);
}

/* The folders of drives are kept among the variables, under names that begin with `=`. */
const char *const *environment_all(void)
{
    wchar_t *block = GetEnvironmentStringsW();
    size_t count = 0, cap = 1;
    const char **pairs = xcalloc(cap, sizeof(*pairs));
    for (const wchar_t *pair = block; pair && *pair; pair += wcslen(pair) + 1) {
        if (*pair == L'=')
            continue;
        if (count + 1 == cap) {
            cap *= 2;
            pairs = xreallocarray(pairs, cap, sizeof(*pairs));
        }
        pairs[count++] = keep(wide_to(pair, wcslen(pair)));
    }
    pairs[count] = NULL;
    FreeEnvironmentStringsW(block);
    return pairs;
}

static void change(const char *name, const char *value)
{
    wchar_t *wide = wide_from(name), *wide_value = value ? wide_from(value) : NULL;
    SetEnvironmentVariableW(wide, wide_value);
    free(wide);
    free(wide_value);
}

void environment_set(const char *name, const char *value)
{
    change(name, value);
}

void environment_drop(const char *name)
{
    change(name, NULL);
}
