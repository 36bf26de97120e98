/*
 * The signals that viewers and their terminals deal in, by the numbers that they have on Linux.
 * Where a system has no signals these are names only: its files say what each of them does there.
 */
#ifndef NVITOP_BASE_SIGNAL_NUMBER_H
#define NVITOP_BASE_SIGNAL_NUMBER_H

enum signal_number {
    SIGNAL_HUP = 1,
    SIGNAL_INT = 2,
    SIGNAL_KILL = 9,
    SIGNAL_PIPE = 13,
    SIGNAL_TERM = 15,
    SIGNAL_CONT = 18,
    SIGNAL_TSTP = 20,
    SIGNAL_WINCH = 28,
};

#endif
