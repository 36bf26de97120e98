/*
 * A program of the build, not installed: `gen-pages FILE…` prints C that holds the files, for
 * exporter/page.h. A file is known by its name without the folder.
 */
#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int print_bytes(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    for (int c; (c = getc(file)) != EOF;)
        printf("%d,", c);
    int is_bad = ferror(file);
    fclose(file);
    return is_bad;
}

int main(int argc, char *argv[])
{
    puts("#include \"exporter/page.h\"");
    for (int i = 1; i < argc; i++) {
        printf("static const unsigned char bytes_%d[] = {", i);
        if (print_bytes(argv[i]))
            return 1;
        puts("};");
    }
    puts("const struct page pages[] = {");
    for (int i = 1; i < argc; i++)
        printf("{ \"%s\", bytes_%d, sizeof(bytes_%d) },\n", base_name(argv[i]), i, i);
    printf("};\nconst size_t page_count = %d;\n", argc - 1);
    return fflush(stdout) ? 1 : 0;
}
