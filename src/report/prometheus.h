/*
 * A snapshot as Prometheus reads it: families `nvitop_…` in base units, from the metric tables.
 *
 * What is not available is no sample, and what a GPU said before it fell silent, of itself or of
 * processes, is none either; nor is anything told of one that has not answered yet. A device is
 * known by the labels `gpu` and `uuid`, under MIG also by its instances; all else that tells what
 * it is stands in `nvitop_gpu_info`.
 */
#ifndef NVITOP_REPORT_PROMETHEUS_H
#define NVITOP_REPORT_PROMETHEUS_H

struct exposition;
struct metric_wanted;
struct prometheus_options;
struct snapshot;

/* What must be sampled for it. */
void prometheus_metrics(struct metric_wanted *ret_wanted);

/* Of a sampler that is stuck: its last snapshot is not told as if it were of now, but only when
 * that was, and that nothing was looked at in time. NULL: there is none. */
void prometheus_write_old(const struct snapshot *snapshot, const struct prometheus_options *how,
                          struct exposition *exposition);

/* Appends all families of the snapshot; the caller may add his own, and ends the exposition. */
void prometheus_write(const struct snapshot *snapshot, const struct prometheus_options *how,
                      struct exposition *exposition);

#endif
