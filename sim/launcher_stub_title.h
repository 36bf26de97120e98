/* What a demo process of Windows is told: its window's title, had it one. */
#ifndef NVITOP_SIM_LAUNCHER_STUB_TITLE_H
#define NVITOP_SIM_LAUNCHER_STUB_TITLE_H

/* Followed by the permille of one core and the number of threads. */
#define STUB_TITLE L"nvitop-sim demo process "

#endif
