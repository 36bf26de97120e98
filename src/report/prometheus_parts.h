/* The parts of the exposition, each some families; src/report/prometheus.c has their order. */
#ifndef NVITOP_REPORT_PROMETHEUS_PARTS_H
#define NVITOP_REPORT_PROMETHEUS_PARTS_H

struct metric_set;
struct walk;

void prometheus_put_looks(struct walk *walk);
void prometheus_put_up(struct walk *walk);
void prometheus_put_gpu_info(struct walk *walk);
void prometheus_put_clock_events(struct walk *walk);
void prometheus_put_nvlinks(struct walk *walk);
void prometheus_put_xids(struct walk *walk);
void prometheus_put_process_counts(struct walk *walk);
void prometheus_put_process_info(struct walk *walk);

void prometheus_put_device_table(struct walk *walk);
void prometheus_put_process_table(struct walk *walk);
void prometheus_put_host_table(struct walk *walk);

void prometheus_put_compat(struct walk *walk); /* under the names of others, where wanted */

/* What the parts about GPUs want beside the rows of the table. */
void prometheus_gpu_metrics(struct metric_set *set);

#endif
