#!/usr/bin/env python3
"""Writes the dashboards for Grafana, which are tables here: `contrib/grafana/make.py` after each edit.

A dashboard is a list of panels, laid out from left to right like words. A panel is a title, a size, what
a reader should know about it, a unit, and its queries with their legends. The queries stand on what
nvitop-exporter tells and on nothing else: the recording rules need not be loaded. A MIG instance is a
device of its own beside its GPU, so what counts GPUs or adds up their memory says gpu_instance="".
"""

import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24

# What a query is about. $job, $instance, $gpu and $user are chosen at the top of a dashboard.
NODE = 'job=~"$job", instance=~"$instance"'
GPU = NODE + ', gpu=~"$gpu"'
ONE = NODE + ', gpu_instance=""'
GPU_ONE = GPU + ', gpu_instance=""'

# Reasons that hold clocks below what the work wants; an idle GPU or a setting of its owner is none.
HELD = 'reason=~"sw_power_cap|hw_slowdown|sw_thermal_slowdown|hw_thermal_slowdown|hw_power_brake_slowdown"'
CAUSES = 'cause=~"power|thermal|sync_boost|board_limit|reliability"'
ALERTS = 'alertname=~"Nvitop.+", alertstate="firing"'
GREEN, ORANGE, RED = "green", "orange", "red"


def free(which):
    """1 for each device on which nobody computes and whose memory is there to be had, else 0."""
    return (f'(sum without (type) (nvitop_gpu_processes{{{which}, type="compute"}}) == bool 0)'
            f" * (nvitop_gpu_memory_used_bytes{{{which}}} / nvitop_gpu_memory_total_bytes{{{which}}} < bool 0.1)")


def whose(metric, which, *labels):
    """A metric of processes, with the user and other labels of nvitop_process_info."""
    more = "".join(f", {label}" for label in labels)
    return (f"{metric}{{{which}}} * on (job, instance, uuid, pid) group_left (user{more})"
            f' nvitop_process_info{{{which}, user=~"$user"}}')


def of_pid(expr, which):
    """What is known of a process as such, for each device that it is on."""
    return f"{expr} * on (job, instance, pid) group_right () nvitop_process_info{{{which}}}"


# ---- panels: each function gives a panel without its place


def thresholds(*steps):
    """steps: a colour, then pairs of a value and the colour from there on."""
    colours = [{"color": steps[0], "value": None}]
    colours += [{"color": colour, "value": value} for value, colour in steps[1:]]
    return {"mode": "absolute", "steps": colours}


def panel(kind, title, about, size, unit, queries, options, defaults=None, instant=False, overrides=()):
    targets = []
    for number, (expr, legend) in enumerate(queries):
        targets.append({"datasource": SOURCE, "refId": chr(ord("A") + number), "expr": expr, "legendFormat": legend,
                        "editorMode": "code", "instant": instant, "range": not instant,
                        "format": "table" if kind == "table" else "time_series"})
    return {"type": kind, "title": title, "description": about, "datasource": SOURCE, "size": size,
            "targets": targets, "options": options,
            "fieldConfig": {"defaults": dict({"unit": unit}, **(defaults or {})), "overrides": list(overrides)}}


def stat(title, about, unit, *queries, colours=(), width=4, text="auto", bounds=None):
    defaults = {"thresholds": thresholds(*(colours or ("text",))), **(bounds or {})}
    options = {"colorMode": "value" if colours else "none", "graphMode": "none", "justifyMode": "auto", "textMode": text,
               "orientation": "auto", "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    return panel("stat", title, about, (width, 4), unit, queries, options, defaults, instant=True)


def series(title, about, unit, *queries, width=12, stack=False, most=None, least=0):
    custom = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 30 if stack else 8, "showPoints": "never",
              "spanNulls": False, "stacking": {"mode": "normal" if stack else "none", "group": "A"}}
    defaults = {"custom": custom, "min": least}
    if most is not None:
        defaults["max"] = most
    options = {"legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"], "showLegend": True},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel("timeseries", title, about, (width, 8), unit, queries, options, defaults)


def bars(title, about, unit, *queries, width=12):
    options = {"displayMode": "gradient", "orientation": "horizontal", "showUnfilled": True, "valueMode": "color",
               "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    return panel("bargauge", title, about, (width, 8), unit, queries, options,
                 {"min": 0, "color": {"mode": "palette-classic"}, "thresholds": thresholds(GREEN)}, instant=True)


def column(name, unit=None, least=None, most=None, colours=(), words=None, link=None, cell=None):
    """How a column of a table looks: a rule for the fields of this name."""
    looks = {"unit": unit, "min": least, "max": most, "decimals": None,
             "thresholds": thresholds(*colours) if colours else None,
             "custom.cellOptions": {"type": cell} if cell else None,
             "mappings": [{"type": "value", "options": words}] if words else None,
             "links": [{"title": "Show this machine", "url": link}] if link else None}
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": key, "value": value} for key, value in looks.items() if value is not None]}


def table(title, about, labels, values, height=8, sort=None):
    """Rows are merged by the labels they share. labels: pairs of a label and its heading; values:
    triples of a heading, a query and its looks, where a query without a heading only adds labels."""
    names = dict(labels)
    names.update({f"Value #{chr(ord('A') + at)}": heading for at, (heading, _, _) in enumerate(values) if heading})
    hidden = {"Time": True}
    hidden.update({f"Value #{chr(ord('A') + at)}": True for at, (heading, _, _) in enumerate(values) if not heading})
    found = panel("table", title, about, (WIDTH, height), "none", [(expr, "") for _, expr, _ in values],
                  {"cellHeight": "sm", "footer": {"show": False}, "showHeader": True,
                   "sortBy": [{"displayName": sort, "desc": True}] if sort else []},
                  {"custom": {"align": "auto", "filterable": True}}, instant=True,
                  overrides=[column(heading, **looks) for heading, _, looks in values if heading])
    found["transformations"] = [
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": hidden, "renameByName": names,
                                       "indexByName": {name: at for at, name in enumerate(names)}}}]
    return found


def row(title):
    return {"type": "row", "title": title, "collapsed": False, "panels": [], "size": (WIDTH, 1)}


# ---- the looks of columns that several tables have

BYTES = {"unit": "bytes"}
WATTS = {"unit": "watt"}
COUNT = {"unit": "none"}
SHARE = {"unit": "percentunit", "least": 0, "most": 1, "cell": "gauge", "colours": (GREEN, (0.8, ORANGE), (0.95, RED))}
LOAD = {"unit": "percentunit", "least": 0, "most": 1, "cell": "gauge", "colours": (GREEN,)}
WARM = {"unit": "celsius", "cell": "color-text", "colours": (GREEN, (80, ORANGE), (90, RED))}
STATE = {"unit": "none", "cell": "color-text", "colours": (RED, (1, GREEN)),
         "words": {"0": {"text": "does not answer"}, "1": {"text": "up"}}}
ERRORS = {"unit": "none", "cell": "color-text", "colours": ("text", (1, RED))}

STARTED = {"unit": "dateTimeFromNow"}
# Labels of whom a process is for, which few machines have all of.
FOR_WHOM = [("slurm_job_id", "Slurm job"), ("batch_job_id", "Batch job"), ("pod_uid", "Pod"), ("container_id", "Container")]
FOR = ", ".join(label for label, _ in FOR_WHOM)

# ---- the dashboards

NODE_PANELS = [
    stat("GPUs that answer", "Of all that the driver counts. The others are lost, or have fallen silent.", "none",
         (f"sum(nvitop_gpu_up{{{GPU_ONE}}}) or vector(0)", "answer"),
         (f"count(nvitop_gpu_up{{{GPU_ONE}}}) or vector(0)", "in all")),
    stat("Free", "GPUs and MIG instances on which nobody computes and whose memory is there to be had.", "none",
         (f"sum({free(GPU)}) or vector(0)", "free"), colours=(ORANGE, (1, GREEN)), width=3),
    stat("Memory in use", "Of all GPUs together.", "percentunit",
         (f"sum(nvitop_gpu_memory_used_bytes{{{GPU_ONE}}}) / sum(nvitop_gpu_memory_total_bytes{{{GPU_ONE}}})", "used"),
         colours=(GREEN, (0.8, ORANGE), (0.95, RED)), width=3),
    stat("Power now", "What all GPUs draw together.", "watt",
         (f'sum(nvitop_gpu_power_watts{{{GPU}, mode="usage"}})', "power"), width=3),
    stat("Hottest", "The highest temperature of a GPU.", "celsius",
         (f'max(nvitop_gpu_temperature_celsius{{{GPU}, sensor="gpu"}})', "temperature"),
         colours=(GREEN, (80, ORANGE), (90, RED)), width=3),
    stat("Clocks held down", "GPUs that are slower than they could be: too hot, at their power limit, or braked by the "
         "power supply. Below stands which reason it is.", "none",
         (f"sum(max without (reason) (nvitop_gpu_clock_event_active{{{GPU}, {HELD}}})) or vector(0)", "held"),
         colours=(GREEN, (1, ORANGE)), width=3),
    stat("Driver", "Versions of the driver and of the CUDA that it offers.", "none",
         (f"nvitop_driver_info{{{NODE}}}", "{{version}}, CUDA {{cuda_version}}"), text="name", width=5),
    table("GPUs", "Now. An empty field is a value that this GPU does not tell; an instance is one of MIG.",
          [("gpu", "GPU"), ("name", "Name"), ("gpu_instance", "Instance")],
          [(None, f"max by (gpu, uuid, gpu_instance, name) (nvitop_gpu_info{{{GPU}}})", {}),
           ("State", f"max by (gpu, uuid) (nvitop_gpu_up{{{GPU}}})", STATE),
           ("Utilization", f"max by (gpu, uuid) (nvitop_gpu_utilization_ratio{{{GPU}}})", LOAD),
           ("Memory used", f"max by (gpu, uuid) (nvitop_gpu_memory_used_bytes{{{GPU}}})", BYTES),
           ("Memory", f"max by (gpu, uuid) (nvitop_gpu_memory_used_bytes{{{GPU}}} / "
            f"nvitop_gpu_memory_total_bytes{{{GPU}}})", SHARE),
           ("Temperature", f'max by (gpu, uuid) (nvitop_gpu_temperature_celsius{{{GPU}, sensor="gpu"}})', WARM),
           ("Power", f'max by (gpu, uuid) (nvitop_gpu_power_watts{{{GPU}, mode="usage"}})', WATTS),
           ("Power limit", f"max by (gpu, uuid) (nvitop_gpu_power_limit_watts{{{GPU}}})", WATTS),
           ("SM clock", f'max by (gpu, uuid) (nvitop_gpu_clock_hertz{{{GPU}, clock="sm"}})', {"unit": "hertz"}),
           ("Processes", f"count by (gpu, uuid) (nvitop_process_info{{{GPU}}}) or "
            f"max by (gpu, uuid) (nvitop_gpu_processes{{{GPU}}})", COUNT),
           ("Memory errors", f'max by (gpu, uuid) (nvitop_gpu_ecc_errors_total{{{GPU}, type="uncorrected", scope="volatile"}})',
            ERRORS),
           ("Last XID", f"max by (gpu, uuid) (nvitop_gpu_xid_last_timestamp_seconds{{{GPU}}} * 1000)", STARTED)]),
    row("The last while"),
    series("GPU utilization", "Share of the time in which a kernel ran. A GPU with MIG on does not tell it; one since Hopper "
           "tells how many of its multiprocessors were busy, and its tensor cores.", "percentunit",
           (f"nvitop_gpu_utilization_ratio{{{GPU}}}", "GPU {{gpu}}"),
           (f"nvitop_gpu_sm_active_ratio{{{GPU}}}", "GPU {{gpu}} multiprocessors"),
           (f"nvitop_gpu_tensor_active_ratio{{{GPU}}}", "GPU {{gpu}} tensor cores"), most=1),
    series("GPU memory", "In use, without what the driver keeps for itself.", "bytes",
           (f"nvitop_gpu_memory_used_bytes{{{GPU_ONE}}}", "GPU {{gpu}}"),
           (f'nvitop_gpu_memory_used_bytes{{{GPU}, gpu_instance!=""}}', "GPU {{gpu}} MIG {{gpu_instance}}")),
    series("Temperature", "Of the GPU and, where it is told, of its memory.", "celsius",
           (f"nvitop_gpu_temperature_celsius{{{GPU}}}", "GPU {{gpu}} {{sensor}}")),
    series("Power", "What each GPU draws.", "watt",
           (f'nvitop_gpu_power_watts{{{GPU}, mode="usage"}}', "GPU {{gpu}}")),
    series("SM clock", "The clock that computes. What it falls to while reasons are shown beside is the price of them.",
           "hertz", (f'nvitop_gpu_clock_hertz{{{GPU}, clock="sm"}}', "GPU {{gpu}}")),
    series("Why clocks are held down", "How many GPUs are held down for each reason; 0 is well.", "none",
           (f"sum by (reason) (nvitop_gpu_clock_event_active{{{GPU}, {HELD}}})", "{{reason}}"), stack=True),
    series("Time held down", "Share of the time in which each cause held the clocks down, as the driver counts it: the mean "
           "of these GPUs.", "percentunit",
           (f"avg by (cause) (rate(nvitop_gpu_violation_seconds_total{{{GPU}, {CAUSES}}}[$__rate_interval]))", "{{cause}}"),
           stack=True),
    series("Memory bandwidth", "Share of the time in which the memory was read or written, and, since Hopper, of the "
           "bandwidth that was used.", "percentunit",
           (f"nvitop_gpu_memory_controller_utilization_ratio{{{GPU}}}", "GPU {{gpu}}"),
           (f"nvitop_gpu_dram_active_ratio{{{GPU}}}", "GPU {{gpu}} bandwidth"), most=1),
    series("PCIe and NVLink", "Traffic of each GPU; rx is what it receives. NVLink is there only where there are links.",
           "Bps",
           (f"nvitop_gpu_pcie_bytes_per_second{{{GPU}}}", "GPU {{gpu}} PCIe {{direction}}"),
           (f"sum by (gpu, direction) (rate(nvitop_gpu_nvlink_bytes_total{{{GPU}}}[$__rate_interval]))",
            "GPU {{gpu}} NVLink {{direction}}")),
    series("Video engines and fans", "Fans may exceed 100 %; servers often have none that the GPU knows of.", "percentunit",
           (f"nvitop_gpu_encoder_utilization_ratio{{{GPU}}}", "GPU {{gpu}} encoder"),
           (f"nvitop_gpu_decoder_utilization_ratio{{{GPU}}}", "GPU {{gpu}} decoder"),
           (f"nvitop_gpu_fan_speed_ratio{{{GPU}}}", "GPU {{gpu}} fan")),
    bars("Energy", "Within the time that is shown; a kilowatt-hour is 3.6 megajoules.", "joule",
         (f"increase(nvitop_gpu_energy_joules_total{{{GPU}}}[$__range])", "GPU {{gpu}}"), width=WIDTH),
    row("The machine"),
    series("Processor and memory", "Of the host. Trainings that wait for data show here.", "percentunit",
           (f"nvitop_host_cpu_ratio{{{NODE}}}", "processor"),
           (f"1 - nvitop_host_memory_available_bytes{{{NODE}}} / nvitop_host_memory_total_bytes{{{NODE}}}", "memory"),
           (f"nvitop_host_swap_used_bytes{{{NODE}}} / (nvitop_host_swap_total_bytes{{{NODE}}} > 0)", "swap"), most=1),
    series("Load average", "Threads that run or want to.", "none",
           (f"nvitop_host_load1{{{NODE}}}", "1 min"), (f"nvitop_host_load5{{{NODE}}}", "5 min"),
           (f"nvitop_host_load15{{{NODE}}}", "15 min")),
    row("Processes"),
    table("Processes", "Who is on which GPU now; one on two GPUs has two rows.",
          [("gpu", "GPU"), ("pid", "PID"), ("user", "User"), ("type", "Type"), ("name", "Name"), *FOR_WHOM],
          [(None, f"max by (gpu, uuid, pid, user, type, name, {FOR}) (nvitop_process_info{{{GPU}}})", {}),
           ("GPU memory", f"max by (gpu, uuid, pid) (nvitop_process_gpu_memory_bytes{{{GPU}}})", BYTES),
           ("SM", f"max by (gpu, uuid, pid) (nvitop_process_gpu_sm_utilization_ratio{{{GPU}}})", LOAD),
           ("CPUs", f"max by (gpu, uuid, pid) "
            f"({of_pid(f'rate(nvitop_process_cpu_seconds_total{{{NODE}}}[$__rate_interval])', GPU)})", COUNT),
           ("Host memory", f"max by (gpu, uuid, pid) ({of_pid(f'nvitop_process_resident_memory_bytes{{{NODE}}}', GPU)})", BYTES),
           ("Started", f"max by (gpu, uuid, pid) ({of_pid(f'nvitop_process_start_time_seconds{{{NODE}}} * 1000', GPU)})", STARTED)],
          height=10, sort="GPU memory"),
]

FLEET_PANELS = [
    stat("Machines that answer", "Whose exporter answers, of all that Prometheus scrapes.", "none",
         (f"sum(up{{{NODE}}})", "answer"), (f"count(up{{{NODE}}})", "in all")),
    stat("GPUs", "That answer, of all that the drivers count.", "none",
         (f"sum(nvitop_gpu_up{{{ONE}}})", "answer"), (f"count(nvitop_gpu_up{{{ONE}}})", "in all")),
    stat("Free", "GPUs and MIG instances on which nobody computes and whose memory is there to be had.", "none",
         (f"sum({free(NODE)}) or vector(0)", "free"), colours=(ORANGE, (1, GREEN)), width=3),
    stat("Utilization now", "Mean of all GPUs that tell it.", "percentunit",
         (f"avg(nvitop_gpu_utilization_ratio{{{ONE}}})", "mean"), width=3),
    stat("Memory now", "Of all GPUs together.", "percentunit",
         (f"sum(nvitop_gpu_memory_used_bytes{{{ONE}}}) / sum(nvitop_gpu_memory_total_bytes{{{ONE}}})", "used"), width=3),
    stat("Power now", "What all GPUs draw together.", "watt",
         (f'sum(nvitop_gpu_power_watts{{{NODE}, mode="usage"}})', "power"), width=3),
    stat("Alerts", "Of nvitop's rules that fire now; 0 as well where they are not loaded.", "none",
         (f"count(ALERTS{{{ALERTS}, instance=~\"$instance|\"}}) or vector(0)", "firing"), colours=(GREEN, (1, RED))),
    table("Machines", "Now. A machine whose exporter does not answer has nothing but its state.",
          [("instance", "Machine"), ("version", "Driver")],
          [("State", f"max by (instance) (up{{{NODE}}})", STATE),
           (None, f"max by (instance, version) (nvitop_driver_info{{{NODE}}})", {}),
           ("GPUs", f"count by (instance) (nvitop_gpu_up{{{ONE}}})", COUNT),
           ("Silent", f"count by (instance) (nvitop_gpu_up{{{ONE}}}) - sum by (instance) (nvitop_gpu_up{{{ONE}}})", ERRORS),
           ("Free", f"sum by (instance) ({free(NODE)})",
            {"unit": "none", "cell": "color-text", "colours": ("text", (1, GREEN))}),
           ("Utilization", f"avg by (instance) (nvitop_gpu_utilization_ratio{{{ONE}}})", LOAD),
           ("Memory", f"sum by (instance) (nvitop_gpu_memory_used_bytes{{{ONE}}}) / "
            f"sum by (instance) (nvitop_gpu_memory_total_bytes{{{ONE}}})", SHARE),
           ("Hottest", f'max by (instance) (nvitop_gpu_temperature_celsius{{{NODE}, sensor="gpu"}})', WARM),
           ("Held down", f"sum by (instance) (max without (reason) (nvitop_gpu_clock_event_active{{{NODE}, {HELD}}}))",
            {"unit": "none", "cell": "color-text", "colours": ("text", (1, ORANGE))}),
           ("Power", f'sum by (instance) (nvitop_gpu_power_watts{{{NODE}, mode="usage"}})', WATTS),
           ("Users", f'count by (instance) (count by (instance, user) (nvitop_process_info{{{NODE}, type!="G"}}))', COUNT)],
          height=10),
    table("Free GPUs and instances", "Where a job could go now, with the memory that it would find.",
          [("instance", "Machine"), ("gpu", "GPU"), ("gpu_instance", "Instance"), ("name", "Name")],
          [("Free memory", f"(nvitop_gpu_memory_free_bytes{{{NODE}}} and {free(NODE)} == 1)"
            " * on (job, instance, uuid) group_left (name) nvitop_gpu_info", BYTES)], sort="Free memory"),
    row("The last while"),
    series("GPUs in use", "Devices, MIG instances among them, that somebody computes on, and those that nobody does.",
           "none",
           (f'count(sum without (type) (nvitop_gpu_processes{{{NODE}, type="compute"}}) > 0) or vector(0)', "in use"),
           (f'count(sum without (type) (nvitop_gpu_processes{{{NODE}, type="compute"}}) == 0) or vector(0)', "without a job"),
           stack=True),
    series("Utilization", "Mean of each machine's GPUs.", "percentunit",
           (f"avg by (instance) (nvitop_gpu_utilization_ratio{{{ONE}}})", "{{instance}}"), most=1),
    series("Memory in use", "Of each machine's GPUs together.", "percentunit",
           (f"sum by (instance) (nvitop_gpu_memory_used_bytes{{{ONE}}}) / "
            f"sum by (instance) (nvitop_gpu_memory_total_bytes{{{ONE}}})", "{{instance}}"), most=1),
    series("Power", "What each machine's GPUs draw together.", "watt",
           (f'sum by (instance) (nvitop_gpu_power_watts{{{NODE}, mode="usage"}})', "{{instance}}"), stack=True),
    series("Hottest GPU", "Of each machine.", "celsius",
           (f'max by (instance) (nvitop_gpu_temperature_celsius{{{NODE}, sensor="gpu"}})', "{{instance}}")),
    series("GPUs whose clocks are held down", "By reason; 0 is well.", "none",
           (f"sum by (reason) (nvitop_gpu_clock_event_active{{{NODE}, {HELD}}})", "{{reason}}"), stack=True),
    bars("GPUs by model", "How many of each there are.", "none",
         (f"count by (name) (nvitop_gpu_info{{{ONE}}})", "{{name}}")),
    series("Exporters", "How long Prometheus waits for each machine's answer.", "s",
           (f"scrape_duration_seconds{{{NODE}}}", "{{instance}}")),
]

PAIRS = 'count by (job, instance, uuid, user) (nvitop_process_info{%s, user=~"$user", type!="G"})' % NODE
OURS = f'{NODE}, user=~"$user"'
# One that has just begun is not idle; of others' processes the start may not be known.
IDLE = ("max_over_time(nvitop_process_gpu_sm_utilization_ratio{%s}[$__range]) == 0 unless on (job, instance, pid) "
        "time() - nvitop_process_start_time_seconds{%s} < $__range_s" % (NODE, NODE))
USERS_PANELS = [
    stat("Users", "Who computes on a GPU now.", "none", (f"count(count by (user) ({PAIRS})) or vector(0)", "users"), width=6),
    stat("GPUs in use", "Devices, MIG instances among them, that these users compute on.", "none",
         (f"count(count by (job, instance, uuid) ({PAIRS})) or vector(0)", "in use"), width=6),
    stat("GPU memory", "That their processes hold.", "bytes",
         (f"sum({whose('nvitop_process_gpu_memory_bytes', NODE)})", "held"), width=6),
    stat("Work", "In GPUs: 1.5 is one and a half that are busy all the time.", "none",
         (f"sum({whose('nvitop_process_gpu_sm_utilization_ratio', NODE)})", "GPUs"), width=6),
    table("By user", "Now. A GPU that several share counts for each of them. Idle is memory of processes that did "
          "nothing on their GPU in all the time that is shown.",
          [("user", "User")],
          [("GPUs", f"count by (user) ({PAIRS})", COUNT),
           ("Machines", f"count by (user) (count by (user, job, instance) ({PAIRS}))", COUNT),
           ("Processes", f'count by (user) (count by (user, job, instance, pid) (nvitop_process_info{{{OURS}}}))', COUNT),
           ("GPU memory", f"sum by (user) ({whose('nvitop_process_gpu_memory_bytes', NODE)})", BYTES),
           ("Idle memory", f"sum by (user) (({whose('nvitop_process_gpu_memory_bytes', NODE)}) and on (job, instance, uuid, pid) "
            f"({IDLE}))", {"unit": "bytes", "cell": "color-text", "colours": ("text", (1, ORANGE))}),
           ("Work", f"sum by (user) ({whose('nvitop_process_gpu_sm_utilization_ratio', NODE)})", {"unit": "none"})],
          sort="GPU memory"),
    table("By job", "Of Slurm, of another batch system, or a pod or container, as far as the exporter can tell; a row "
          "without any of them is what a user runs by hand.",
          [("user", "User"), *FOR_WHOM],
          [("GPUs", f"count by (user, {FOR}) (count by (job, instance, uuid, user, {FOR}) "
            f'(nvitop_process_info{{{OURS}, type!="G"}}))', COUNT),
           ("GPU memory", f"sum by (user, {FOR}) ({whose('nvitop_process_gpu_memory_bytes', NODE, *FOR.split(', '))})", BYTES),
           ("Work", f"sum by (user, {FOR}) ({whose('nvitop_process_gpu_sm_utilization_ratio', NODE, *FOR.split(', '))})",
            {"unit": "none"})], sort="GPU memory"),
    row("The last while"),
    series("GPUs by user", "That somebody computes on; a shared one counts for each.", "none",
           (f"count by (user) ({PAIRS})", "{{user}}"), stack=True),
    series("GPU memory by user", "That their processes hold.", "bytes",
           (f"sum by (user) ({whose('nvitop_process_gpu_memory_bytes', NODE)})", "{{user}}"), stack=True),
    series("Work by user", "In GPUs: 1.5 is one and a half that are busy all the time.", "none",
           (f"sum by (user) ({whose('nvitop_process_gpu_sm_utilization_ratio', NODE)})", "{{user}}"), stack=True),
    bars("GPU hours by user", "Within the time that is shown, of GPUs held, busy or not.", "none",
         (f"sum_over_time((count by (user) ({PAIRS}))[$__range:$__interval]) * $__interval_ms / 3600000", "{{user}}")),
    row("Processes"),
    table("Processes", "Now; one on two GPUs has two rows.",
          [("instance", "Machine"), ("gpu", "GPU"), ("gpu_instance", "Instance"), ("user", "User"), ("pid", "PID"),
           ("type", "Type"), ("name", "Name"), *FOR_WHOM],
          [(None, f"max by (instance, gpu, gpu_instance, uuid, pid, user, type, name, {FOR}) "
            f"(nvitop_process_info{{{OURS}}})", {}),
           ("GPU memory", f"max by (instance, uuid, pid) ({whose('nvitop_process_gpu_memory_bytes', NODE)})", BYTES),
           ("SM", f"max by (instance, uuid, pid) ({whose('nvitop_process_gpu_sm_utilization_ratio', NODE)})", LOAD),
           ("Started", "max by (instance, uuid, pid) "
            f"({of_pid(f'nvitop_process_start_time_seconds{{{NODE}}} * 1000', OURS)})", STARTED)],
          height=12, sort="GPU memory"),
    table("Memory held by who does nothing", "Processes that did nothing on their GPU in all the time that is shown.",
          [("instance", "Machine"), ("gpu", "GPU"), ("user", "User"), ("pid", "PID"), ("name", "Name")],
          [("GPU memory", f"max by (instance, gpu, user, pid, name) ({whose('nvitop_process_gpu_memory_bytes', NODE, 'name')} "
            f"and on (job, instance, uuid, pid) ({IDLE}))", BYTES)], sort="GPU memory"),
]

# ---- variables: a name, its heading, the metric and label it is read from, whether several may be chosen

JOB = ("job", "Job", 'label_values(nvitop_build_info, job)', True)
MACHINES = ("instance", "Machine", 'label_values(up{job=~"$job"}, instance)', True)
MACHINE = MACHINES[:3] + (False,)
GPUS = ("gpu", "GPU", 'label_values(nvitop_gpu_up{%s}, gpu)' % NODE, True)
USERS = ("user", "User", 'label_values(nvitop_process_info{%s}, user)' % NODE, True)

DASHBOARDS = {
    "node": ("nvitop: a machine", "GPUs of one machine, and who is on them.", [JOB, MACHINE, GPUS], NODE_PANELS),
    "fleet": ("nvitop: the fleet", "All machines: what is free, what is busy, what is broken.", [JOB, MACHINES], FLEET_PANELS),
    "users": ("nvitop: who uses what", "GPUs by user, and memory that nobody works with.", [JOB, MACHINES, USERS],
              USERS_PANELS),
}


def variable(name, label, query, is_many):
    found = {"type": "query", "name": name, "label": label, "datasource": SOURCE, "definition": query,
             "query": {"query": query, "refId": name}, "refresh": 2, "sort": 3, "hide": 0, "options": [],
             "multi": is_many, "includeAll": is_many, "current": {}}
    if is_many:
        found.update(current={"selected": True, "text": ["All"], "value": ["$__all"]})
    if is_many and name != "job":  # all jobs are those that are ours, not all of a Prometheus
        found.update(allValue=".*")
    return found


def placed(panels):
    """With ids and places: from left to right, on a new line where a panel does not fit."""
    at, top, tallest, found = 0, 0, 0, []
    for number, one in enumerate(panels, 1):
        width, height = one["size"]
        if at + width > WIDTH:
            at, top, tallest = 0, top + tallest, 0
        rest = {key: value for key, value in one.items() if key != "size"}
        found.append({"id": number, "gridPos": {"x": at, "y": top, "w": width, "h": height}, **rest})
        at, tallest = at + width, max(tallest, height)
    return found


def linked(panels):
    """A machine's name in a table leads to its dashboard."""
    url = "/d/nvitop-node?${datasource:queryparam}&${job:queryparam}&var-instance=${__value.raw}&${__url_time_range}"
    for one in panels:
        if one["type"] == "table":
            one["fieldConfig"]["overrides"].append(column("Machine", link=url))
    return panels


def dashboard(name):
    title, about, variables, panels = DASHBOARDS[name]
    source = {"type": "datasource", "name": "datasource", "label": "Prometheus", "query": "prometheus", "hide": 0,
              "refresh": 1, "options": [], "current": {}, "regex": "", "multi": False, "includeAll": False}
    return {
        "id": None, "uid": f"nvitop-{name}", "title": title, "description": about, "tags": ["nvitop", "gpu"],
        "schemaVersion": 39, "version": 1, "editable": True, "graphTooltip": 1, "timezone": "", "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"}, "annotations": {"list": []},
        "links": [{"type": "dashboards", "title": "nvitop", "tags": ["nvitop"], "asDropdown": False, "keepTime": True,
                   "includeVars": False, "targetBlank": False, "icon": "external link", "tooltip": "", "url": ""}],
        "templating": {"list": [source] + [variable(*one) for one in variables]},
        "panels": placed(linked(panels) if name != "node" else panels),
    }


def text(name):
    return json.dumps(dashboard(name), indent=1, ensure_ascii=False) + "\n"


def main():
    for name in DASHBOARDS:
        (HERE / f"{name}.json").write_text(text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
