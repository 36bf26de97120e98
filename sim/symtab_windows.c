/*
 * The library's own table of exports. A driver of another era lacks functions, and programs decide
 * by GetProcAddress what they can use; so the names it lacks are taken out in memory while the
 * library is being loaded, before anyone can look one up. The names are ascending, and are looked
 * up as such: one that is taken out gives way to a copy of its neighbour, name and function both,
 * which leaves the order as it is.
 */
#include <string.h>
#include <windows.h>

#include "base/mem.h"
#include "base/wide_windows.h"
#include "sim/sim.h"

struct table {
    char *image;
    DWORD *names;   /* where each name is in the image */
    WORD *ordinals; /* and which function it names */
    DWORD count;
};

static char *own_image(void)
{
    HMODULE module = NULL;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (const wchar_t *)&sim, &module);
    return (char *)module;
}

static bool find_table(struct table *table)
{
    char *image = own_image();
    const IMAGE_DOS_HEADER *dos = (const void *)image;
    if (!image)
        return false;
    const IMAGE_NT_HEADERS *nt = (const void *)(image + dos->e_lfanew);
    const IMAGE_DATA_DIRECTORY *entry =
        &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const IMAGE_EXPORT_DIRECTORY *exports = (const void *)(image + entry->VirtualAddress);
    *table = (struct table){ .image = image,
                             .names = (void *)(image + exports->AddressOfNames),
                             .ordinals = (void *)(image + exports->AddressOfNameOrdinals),
                             .count = exports->NumberOfNames };
    return table->count > 0;
}

static bool let_write(void *at, size_t size, bool is_allowed)
{
    DWORD before;
    return VirtualProtect(at, size, is_allowed ? PAGE_READWRITE : PAGE_READONLY, &before);
}

static bool is_hidden(const struct table *table, DWORD row, const bool is_missing[SYM_COUNT])
{
    const char *name = table->image + table->names[row];
    for (int id = 0; id < SYM_COUNT; id++)
        if (is_missing[id] && strcmp(name, symbols[id].name) == 0)
            return true;
    return false;
}

/* Upwards each takes after the one before it; those at the very beginning, after the first that
 * stays. */
static void hide(struct table *table, const bool is_missing[SYM_COUNT])
{
    DWORD first = 0, last;
    while (first < table->count && is_hidden(table, first, is_missing))
        first++;
    if (first == table->count)
        return;
    last = first;
    for (DWORD row = first; row < table->count; row++) {
        if (!is_hidden(table, row, is_missing)) {
            last = row;
            continue;
        }
        table->names[row] = table->names[last];
        table->ordinals[row] = table->ordinals[last];
    }
    for (DWORD row = 0; row < first; row++) {
        table->names[row] = table->names[first];
        table->ordinals[row] = table->ordinals[first];
    }
}

bool symtab_hide(const bool is_missing[SYM_COUNT])
{
    struct table table;
    if (!find_table(&table))
        return false;
    size_t names = table.count * sizeof(*table.names),
           ordinals = table.count * sizeof(*table.ordinals);
    if (!let_write(table.names, names, true) || !let_write(table.ordinals, ordinals, true))
        return false;
    hide(&table, is_missing);
    return let_write(table.names, names, false) && let_write(table.ordinals, ordinals, false);
}

char *symtab_library_path(void)
{
    char *path = wide_module_path(own_image());
    return path ? path : xstrdup("");
}
