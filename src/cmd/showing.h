/* What is shown, however it is: once or in the monitor. */
#ifndef NVITOP_CMD_SHOWING_H
#define NVITOP_CMD_SHOWING_H

struct data;
struct messages;
struct nvitop_settings;
struct sampler_options;
struct view_options;

struct showing {
    struct messages *messages; /* written when all is shown */
    const struct nvitop_settings *settings;
    const struct view_options *view; /* of a report */
    const struct sampler_options *options;
    const struct data *data; /* a program reads it, if that is wanted */
};

#endif
