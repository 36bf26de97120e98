/* Reading in chunks: what is read may be a pipe, whose size is not known. */
#include "cmd/gen_read.h"

#include <stdio.h>

#include "base/str.h"

bool gen_read(const char *program, const char *path, struct str *text)
{
    char chunk[4096];
    size_t got;
    FILE *file = fopen(path, "r");
    bool is_good = file != NULL;
    while (is_good && (got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        str_append_bytes(text, chunk, got);
    is_good = is_good && !ferror(file);
    if (file)
        fclose(file);
    if (!is_good)
        fprintf(stderr, "%s: cannot read %s\n", program, path);
    return is_good;
}
