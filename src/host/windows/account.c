/* Tokens and SIDs. What a user's number is to other systems, the last number of the SID is here:
 * one account of a machine or a domain has it, though another domain's may have it, too. */
#include <windows.h>

#include <sddl.h>
#include <stdlib.h>

#include "base/mem.h"
#include "host/windows/internal.h"

enum { NAME_SIZE = 512 };

/* The system takes a SID as one that may be written to. */
static PSID sid_of(const void *account)
{
    return (PSID)(uintptr_t)account;
}

static char *ask_name(struct arena *arena, const void *account)
{
    wchar_t name[NAME_SIZE], domain[NAME_SIZE];
    DWORD name_size = NAME_SIZE, domain_size = NAME_SIZE;
    SID_NAME_USE kind;
    bool is_known =
        LookupAccountSidW(NULL, sid_of(account), name, &name_size, domain, &domain_size, &kind) &&
        name[0];
    return is_known ? printable_of(arena, name, wcslen(name)) : NULL;
}

static char *letters(struct arena *arena, const void *account)
{
    wchar_t *text = NULL;
    if (!ConvertSidToStringSidW(sid_of(account), &text))
        return arena_strdup(arena, "?");
    char *shown = printable_of(arena, text, wcslen(text));
    LocalFree(text);
    return shown;
}

const struct names_source account_names = { ask_name, letters };

size_t account_size(const union account *account)
{
    return GetLengthSid(sid_of(account));
}

uint32_t account_rid(const union account *account)
{
    DWORD last = *GetSidSubAuthorityCount(sid_of(account));
    return last ? *GetSidSubAuthority(sid_of(account), last - 1) : 0;
}

bool account_of(HANDLE process, union account *ret_account, enum nvitop_why *ret_why)
{
    union {
        TOKEN_USER user;
        char bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } about;
    DWORD size = 0;
    HANDLE token;
    if (!OpenProcessToken(process, TOKEN_QUERY, &token)) {
        *ret_why = why_of_error(GetLastError());
        return false;
    }
    bool is_told = GetTokenInformation(token, TokenUser, &about, sizeof(about), &size) &&
                   CopySid(sizeof(*ret_account), ret_account, about.user.User.Sid);
    *ret_why = is_told ? NVITOP_WHY_NONE : why_of_error(GetLastError());
    CloseHandle(token);
    return is_told;
}

bool account_is_elevated(void)
{
    TOKEN_ELEVATION elevation = { 0 };
    DWORD size = 0;
    HANDLE token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    GetTokenInformation(token, TokenElevation, &elevation, sizeof(elevation), &size);
    CloseHandle(token);
    return elevation.TokenIsElevated != 0;
}
