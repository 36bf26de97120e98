/* A process to be looked at: it tells its pid and ends when its input does. */
#include <stdio.h>
#include <windows.h>

int main(void)
{
    printf("%lu\n", GetCurrentProcessId());
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
