/*
 * What trying passwords may cost: so many tries, and so much of the time, since whoever hashes
 * answers nobody meanwhile. All have one budget, and each peer a smaller one, so that who guesses
 * leaves enough for others.
 */
#ifndef NVITOP_EXPORTER_BUDGET_H
#define NVITOP_EXPORTER_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_PEERS = 64 };

/* Of one: what is left. Time may be overdrawn, since nobody knows before what a hash takes. */
struct purse {
    double tries, seconds;
    uint64_t filled_ns; /* 0: never yet, it is full */
};

/* {0} is full. Peers whose number falls on the same slot share one. */
struct budget {
    struct purse all, peers[BUDGET_PEERS];
};

/* How many seconds until this peer may try, 0: now. */
double budget_wait_s(struct budget *budget, uint64_t peer, uint64_t now_ns);

/* It tried, and that took so long. */
void budget_spend(struct budget *budget, uint64_t peer, uint64_t took_ns);

#endif
