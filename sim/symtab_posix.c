/*
 * The library's own dynamic symbol table. A driver of another era lacks functions, and programs
 * decide by dlsym what they can use; so the symbols it lacks are made undefined in memory while
 * the library is being loaded, before anyone can look one up. dlsym then really fails. (A
 * program that was linked against a symbol instead of looking it up keeps it; the entry point
 * answers FUNCTION_NOT_FOUND then.)
 */
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "sim/sim.h"

struct table {
    ElfW(Sym) * symbols;
    const char *names;
    size_t count;
    int protection; /* of the segment that holds the symbols */
    char path[4096];
    bool is_found;
};

static uintptr_t address(const struct dl_phdr_info *info, ElfW(Addr) value)
{
    return value < info->dlpi_addr ? info->dlpi_addr + value : value; /* musl leaves offsets */
}

static void read_dynamic(const struct dl_phdr_info *info, const ElfW(Dyn) * entry,
                         struct table *table)
{
    for (; entry->d_tag != DT_NULL; entry++) {
        uintptr_t at = address(info, entry->d_un.d_ptr);
        if (entry->d_tag == DT_SYMTAB)
            table->symbols = (ElfW(Sym) *)at;
        else if (entry->d_tag == DT_STRTAB)
            table->names = (const char *)at;
        else if (entry->d_tag == DT_HASH)
            table->count = ((const uint32_t *)at)[1]; /* as many chains as symbols */
    }
}

static bool holds(const struct dl_phdr_info *info, const ElfW(Phdr) * segment, uintptr_t at)
{
    uintptr_t from = info->dlpi_addr + segment->p_vaddr;
    return segment->p_type == PT_LOAD && at >= from && at < from + segment->p_memsz;
}

static bool is_ours(const struct dl_phdr_info *info)
{
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (holds(info, &info->dlpi_phdr[i], (uintptr_t)&sim))
            return true;
    }
    return false;
}

static int find_table(struct dl_phdr_info *info, size_t size, void *context)
{
    struct table *table = context;
    (void)size;
    if (!is_ours(info))
        return 0;
    snprintf(table->path, sizeof(table->path), "%s", info->dlpi_name);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
            read_dynamic(info, (const ElfW(Dyn) *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr),
                         table);
    }
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (holds(info, segment, (uintptr_t)table->symbols))
            table->protection = ((segment->p_flags & PF_R) ? PROT_READ : 0) |
                                ((segment->p_flags & PF_W) ? PROT_WRITE : 0) |
                                ((segment->p_flags & PF_X) ? PROT_EXEC : 0);
    }
    table->is_found = table->symbols && table->names && table->count;
    return 1;
}

static bool is_missing_name(const bool is_missing[SYM_COUNT], const char *name)
{
    for (int id = 0; id < SYM_COUNT; id++) {
        if (is_missing[id] && !strcmp(symbols[id].name, name))
            return true;
    }
    return false;
}

static void undefine(struct table *table, const bool is_missing[SYM_COUNT])
{
    for (size_t i = 1; i < table->count; i++) {
        ElfW(Sym) *symbol = &table->symbols[i];
        if (is_missing_name(is_missing, table->names + symbol->st_name)) {
            symbol->st_value = 0;
            symbol->st_shndx = SHN_UNDEF;
        }
    }
}

bool symtab_hide(const bool is_missing[SYM_COUNT])
{
    struct table table = { .protection = PROT_READ };
    dl_iterate_phdr(find_table, &table);
    if (!table.is_found)
        return false;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = (uintptr_t)table.symbols & ~(page - 1);
    size_t len = (uintptr_t)(table.symbols + table.count) - from;
    if (mprotect((void *)from, len, table.protection | PROT_WRITE) < 0)
        return false;
    undefine(&table, is_missing);
    return mprotect((void *)from, len, table.protection) == 0;
}

char *symtab_library_path(void)
{
    struct table table = { .protection = PROT_READ };
    dl_iterate_phdr(find_table, &table);
    return xstrdup(table.path);
}
