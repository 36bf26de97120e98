/* A collector of what a session sees. */
#ifndef NVITOP_COLLECT_COLLECTOR_SESSION_H
#define NVITOP_COLLECT_COLLECTOR_SESSION_H

struct collector;
struct collector_options;
struct session;

/* Among the roots: the calling process, in a child of a fork the child. */
enum { COLLECTOR_ROOT_SELF = 0 };

/* The session must live until collector_end or collector_free. */
struct collector *collector_of_session(struct session *session,
                                       const struct collector_options *options);

#endif
