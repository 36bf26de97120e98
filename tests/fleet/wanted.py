"""What each query of a dashboard and each record must give, told by the snapshots of the exporters.

A snapshot is what the simulator said through another way than /metrics. From it come *streams* of
(labels, value), which an operation adds up by some labels: the same that the query is to do. A query of
which nothing is stated has a reason, and must only give something.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Callable, Iterable, Mapping

Labels = Mapping[str, str]
Docs = Mapping[str, dict]
Stream = Callable[[Docs], Iterable[tuple[Labels, float]]]
Answer = dict[tuple[str, ...], float]


class Wanted:
    """By these labels, in the order of the answer's keys."""

    def __init__(self, labels: tuple[str, ...], read: Callable[[Docs], Answer]):
        self.labels, self.read = labels, read


class Unstated:
    """Only that there is something."""

    def __init__(self, reason: str):
        self.reason = reason


def by(labels: str, operation: Callable[[list[float]], float], stream: Stream, otherwise: float | None = None) -> Wanted:
    """`otherwise` is the only value if there is nothing."""
    names = tuple(labels.split())

    def read(docs: Docs) -> Answer:
        groups = defaultdict(list)
        for found, value in stream(docs):
            groups[tuple(found.get(name, '') for name in names)].append(value)
        if not groups and otherwise is not None:
            return {(): otherwise}
        return {key: operation(values) for key, values in groups.items()}
    return Wanted(names, read)


def divided(over: Wanted, under: Wanted) -> Wanted:
    def read(docs: Docs) -> Answer:
        below = under.read(docs)
        return {key: value / below[key] for key, value in over.read(docs).items() if key in below}
    return Wanted(over.labels, read)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def only(values: list[float]) -> float:
    assert len(values) == 1, values
    return values[0]


# ---- streams

DEVICE = 'instance gpu uuid gpu_instance compute_instance'
FOR_WHOM = 'slurm_job_id batch_job_id pod_uid container_id'


def labels_of(name: str, device: dict) -> dict[str, str]:
    found = {'instance': name, 'gpu': str(device['index'])}
    for label, key in (('uuid', 'uuid'), ('gpu_instance', 'gpu_instance_id'), ('compute_instance', 'compute_instance_id'),
                       ('name', 'name')):
        if device.get(key) is not None:
            found[label] = str(device[key])
    return found


def is_up(device: dict) -> bool:
    return device['condition'] == 'ok' and not device['is_stale']


def is_gpu(device: dict) -> bool:
    return device['mig_index'] is None


def driver(doc: dict) -> dict:
    return doc['driver']


def number(row: dict, read, factor: float = 1) -> float | None:
    value = read(row) if callable(read) else row.get(read)
    return None if value is None else float(value) * factor


def devices(read, factor: float = 1, when: Callable[[dict], bool] = lambda device: True, **more: str) -> Stream:
    """A value of each device that answers and has it."""
    def stream(docs: Docs):
        for name, doc in docs.items():
            for device in doc['devices']:
                value = number(device, read, factor) if is_up(device) and when(device) else None
                if value is not None:
                    yield {**labels_of(name, device), **more}, value
    return stream


def gpus(read, factor: float = 1) -> Stream:
    """The same without MIG instances."""
    return devices(read, factor, is_gpu)


def each_up(when: Callable[[dict], bool] = lambda device: True) -> Stream:
    """1 or 0 for each device, and its name where it is known."""
    def stream(docs: Docs):
        for name, doc in docs.items():
            for device in doc['devices']:
                if when(device):
                    yield labels_of(name, device), float(is_up(device))
    return stream


def known(when: Callable[[dict], bool] = lambda device: True) -> Stream:
    """1 for each device of which something is known."""
    return lambda docs: ((labels, 1.0) for labels, _ in each_up(when)(docs) if 'name' in labels)


def joined(*streams: Stream) -> Stream:
    return lambda docs: (sample for stream in streams for sample in stream(docs))


def used(device: dict) -> float | None:
    return device['memory_used'] / device['memory_total'] if device['memory_used'] is not None else None


def computing(doc: dict, device: dict) -> list[dict]:
    return [row for row in doc['processes'] if doc['devices'][row['device']] is device and 'C' in row['type']]


def by_leaf(read: Callable[[dict, dict], float | None]) -> Stream:
    """A number of each device that processes run on."""
    def stream(docs: Docs):
        for name, doc in docs.items():
            for device in doc['devices']:
                if is_up(device) and device['is_leaf']:
                    value = read(doc, device)
                    if value is not None:
                        yield labels_of(name, device), float(value)
    return stream


def free(doc: dict, device: dict) -> float | None:
    return None if used(device) is None else float(not computing(doc, device) and used(device) < 0.1)


FREE = by_leaf(free)
FREE_MEMORY = by_leaf(lambda doc, device: device['memory_free'] if free(doc, device) else None)
ON_DEVICE = by_leaf(lambda doc, device: sum(doc['devices'][row['device']] is device for row in doc['processes']))
BUSY = by_leaf(lambda doc, device: 1 if computing(doc, device) else None)
JOBLESS = by_leaf(lambda doc, device: None if computing(doc, device) else 1)

REASONS = {'sw_power_cap': 0x4, 'hw_slowdown': 0x8, 'sw_thermal_slowdown': 0x20, 'hw_thermal_slowdown': 0x40,
           'hw_power_brake_slowdown': 0x80}
HELD_BITS = sum(REASONS.values())


def has_bits(bits: int) -> Callable[[dict], float | None]:
    def read(device: dict) -> float | None:
        reasons = device['clocks_event_reasons']
        return None if reasons is None else float(bool(reasons & bits))
    return read


HELD = devices(has_bits(HELD_BITS))
HELD_BY_REASON = joined(*(devices(has_bits(bits), reason=reason) for reason, bits in REASONS.items()))
TEMPERATURES = joined(devices('temperature', sensor='gpu'), devices('temperature_memory', sensor='memory'))
POWER = devices('power_usage', 0.001)


def processes(read, factor: float = 1, when: Callable[[dict], bool] = lambda row: True) -> Stream:
    """A value of each process on each device, with what is known of it."""
    def stream(docs: Docs):
        for name, doc in docs.items():
            for row in doc['processes']:
                value = number(row, read, factor) if when(row) else None
                if value is None or not is_up(doc['devices'][row['device']]):
                    continue
                found = labels_of(name, doc['devices'][row['device']])
                found.pop('name', None)
                for label, key in (('pid', 'pid'), ('user', 'username'), ('type', 'type'), ('name', 'name'),
                                   *((label, label) for label in FOR_WHOM.split())):
                    if row.get(key) is not None:
                        found[label] = str(row[key])
                yield found, value
    return stream


def one(_row: dict) -> float:
    return 1


def distinct(labels: str, stream: Stream) -> Stream:
    """Each of them once."""
    return lambda docs: [(dict(zip(labels.split(), key)), 1.0) for key in by(labels, len, stream).read(docs)]


COMPUTING = processes(one, when=lambda row: row['type'] != 'G')
PAIRS = distinct('instance uuid user', COMPUTING)
IDLE_MEMORY = processes('gpu_memory', when=lambda row: row['gpu_sm_utilization'] == 0)
SM = processes('gpu_sm_utilization', 0.01)
MEMORY = processes('gpu_memory')


def drivers(docs: Docs):
    """1 for each machine whose driver says what it is."""
    for name, doc in docs.items():
        if driver(doc)['version'] is not None:
            yield {'instance': name, 'version': driver(doc)['version']}, 1.0


def machines(docs: Docs):
    for name in docs:
        yield {'instance': name}, 1.0


COUNTS = Unstated('a counter, which grows by itself')
LANE = Unstated('the snapshot does not ask for what blocks in the driver')
HOST = Unstated("the test's own machine, which changes by itself")

# ---- the dashboards: by panel, the queries in their order

NODE = {
    'GPUs that answer': [by('', sum, each_up(is_gpu), 0), by('', len, each_up(is_gpu), 0)],
    'Free': [by('', sum, FREE, 0)],
    'Memory in use': [divided(by('', sum, gpus('memory_used')), by('', sum, gpus('memory_total')))],
    'Power now': [by('', sum, POWER)],
    'Hottest': [by('', max, devices('temperature'))],
    'Clocks held down': [by('', sum, HELD, 0)],
    'Driver': [by('instance version', only, drivers)],
    'GPUs': [by('gpu uuid gpu_instance name', max, known()),
             by('gpu uuid', max, each_up()),
             by('gpu uuid', max, devices('gpu_utilization', 0.01)),
             by('gpu uuid', max, devices('memory_used')),
             by('gpu uuid', max, devices(used)),
             by('gpu uuid', max, devices('temperature')),
             by('gpu uuid', max, POWER),
             by('gpu uuid', max, devices('power_limit', 0.001)),
             by('gpu uuid', max, devices('clock_sm', 1e6)),
             by('gpu uuid', sum, ON_DEVICE),
             by('gpu uuid', max, devices('total_volatile_uncorrected_ecc_errors')),
             Unstated('the snapshot does not tell of errors that came and went')],
    'GPU utilization': [by(DEVICE, only, devices('gpu_utilization', 0.01)), LANE, LANE],
    'GPU memory': [by(DEVICE, only, gpus('memory_used')),
                   by(DEVICE, only, devices('memory_used', when=lambda device: not is_gpu(device)))],
    'Temperature': [by(DEVICE + ' sensor', only, TEMPERATURES)],
    'Power': [by(DEVICE, only, POWER)],
    'SM clock': [by(DEVICE, only, devices('clock_sm', 1e6))],
    'Why clocks are held down': [by('reason', sum, HELD_BY_REASON)],
    'Time held down': [COUNTS],
    'Memory bandwidth': [by(DEVICE, only, devices('memory_utilization', 0.01)), LANE],
    'PCIe and NVLink': [LANE, COUNTS],
    'Video engines and fans': [by(DEVICE, only, devices('encoder_utilization', 0.01)),
                               by(DEVICE, only, devices('decoder_utilization', 0.01)),
                               by(DEVICE, only, devices('fan_speed', 0.01))],
    'Energy': [COUNTS],
    'Processor and memory': [HOST, HOST, Unstated('machines without swap have none')],
    'Load average': [HOST, HOST, HOST],
    'Processes': [by(f'gpu uuid pid user type name {FOR_WHOM}', max, processes(one)),
                  by('gpu uuid pid', max, MEMORY),
                  by('gpu uuid pid', max, SM),
                  COUNTS,
                  by('gpu uuid pid', max, processes('host_memory')),
                  by('gpu uuid pid', max, processes('start_time', 1000))],
}

FLEET = {
    'Machines that answer': [by('', sum, machines), Unstated('the dead are counted as well')],
    'GPUs': [by('', sum, each_up(is_gpu)), by('', len, each_up(is_gpu))],
    'Free': [by('', sum, FREE, 0)],
    'Utilization now': [by('', mean, gpus('gpu_utilization', 0.01))],
    'Memory now': [divided(by('', sum, gpus('memory_used')), by('', sum, gpus('memory_total')))],
    'Power now': [by('', sum, POWER)],
    'Alerts': [Unstated('test_fleet asks for the alerts themselves')],
    'Machines': [Unstated('the dead stand there as well'),
                 by('instance version', only, drivers),
                 by('instance', len, each_up(is_gpu)),
                 by('instance', lambda values: len(values) - sum(values), each_up(is_gpu)),
                 by('instance', sum, FREE),
                 by('instance', mean, gpus('gpu_utilization', 0.01)),
                 divided(by('instance', sum, gpus('memory_used')), by('instance', sum, gpus('memory_total'))),
                 by('instance', max, devices('temperature')),
                 by('instance', sum, HELD),
                 by('instance', sum, POWER),
                 by('instance', len, distinct('instance user', COMPUTING))],
    'Free GPUs and instances': [by(DEVICE + ' name', only, FREE_MEMORY)],
    'GPUs in use': [by('', len, BUSY, 0), by('', len, JOBLESS, 0)],
    'Utilization': [by('instance', mean, gpus('gpu_utilization', 0.01))],
    'Memory in use': [divided(by('instance', sum, gpus('memory_used')), by('instance', sum, gpus('memory_total')))],
    'Power': [by('instance', sum, POWER)],
    'Hottest GPU': [by('instance', max, devices('temperature'))],
    'GPUs whose clocks are held down': [by('reason', sum, HELD_BY_REASON)],
    'GPUs by model': [by('name', len, known(is_gpu))],
    'Exporters': [Unstated("Prometheus's own time")],
}

USERS = {
    'Users': [by('', len, distinct('user', COMPUTING), 0)],
    'GPUs in use': [by('', len, distinct('instance uuid', COMPUTING), 0)],
    'GPU memory': [by('', sum, MEMORY)],
    'Work': [by('', sum, SM)],
    'By user': [by('user', len, PAIRS),
                by('user', len, distinct('user instance', COMPUTING)),
                by('user', len, distinct('user instance pid', processes(one))),
                by('user', sum, MEMORY),
                by('user', sum, IDLE_MEMORY),
                by('user', sum, SM)],
    'By job': [by(f'user {FOR_WHOM}', len, distinct(f'instance uuid user {FOR_WHOM}', COMPUTING)),
               by(f'user {FOR_WHOM}', sum, MEMORY),
               by(f'user {FOR_WHOM}', sum, SM)],
    'GPUs by user': [by('user', len, PAIRS)],
    'GPU memory by user': [by('user', sum, MEMORY)],
    'Work by user': [by('user', sum, SM)],
    'GPU hours by user': [Unstated('grows by itself')],
    'Processes': [by(f'instance gpu gpu_instance uuid pid user type name {FOR_WHOM}', max, processes(one)),
                  by('instance uuid pid', max, MEMORY),
                  by('instance uuid pid', max, SM),
                  by('instance uuid pid', max, processes('start_time', 1000))],
    'Memory held by who does nothing': [by('instance gpu user pid name', max, IDLE_MEMORY)],
}

# ---- the records

RECORDS = {
    'gpu:nvitop_gpu_memory_used:ratio': by(DEVICE, only, devices(used)),
    'gpu:nvitop_gpu_free:bool': by(DEVICE, only, FREE),
    'instance:nvitop_gpu:count': by('instance', len, each_up(is_gpu)),
    'instance:nvitop_gpu_up:sum': by('instance', sum, each_up(is_gpu)),
    'instance:nvitop_gpu_free:sum': by('instance', sum, FREE),
    'instance:nvitop_gpu_utilization:avg': by('instance', mean, gpus('gpu_utilization', 0.01)),
    'instance:nvitop_gpu_memory_used_bytes:sum': by('instance', sum, gpus('memory_used')),
    'instance:nvitop_gpu_memory_total_bytes:sum': by('instance', sum, gpus('memory_total')),
    'instance:nvitop_gpu_power_watts:sum': by('instance', sum, POWER),
    'instance:nvitop_gpu_temperature_celsius:max': by('instance', max, devices('temperature')),
    'user:nvitop_gpu:count': by('user', len, PAIRS),
    'user:nvitop_process_gpu_memory_bytes:sum': by('user', sum, MEMORY),
    'user:nvitop_process_gpu_sm_utilization:sum': by('user', sum, SM),
}

# ---- the alerts: of which machine, GPU and user


def idle_holders(docs: Docs):
    """Who holds a tenth of a GPU that does nothing."""
    totals = by('instance uuid', only, devices('memory_total')).read(docs)
    busy = by('instance uuid', only, devices('gpu_utilization')).read(docs)
    held = by('instance gpu uuid user', sum, processes('gpu_memory', when=lambda row: row['type'] != 'G')).read(docs)
    for (instance, gpu, uuid, user), memory in held.items():
        if memory > 0.1 * totals.get((instance, uuid), float('inf')) and busy.get((instance, uuid), 100) < 2:
            yield {'instance': instance, 'gpu': gpu, 'user': user}, 1.0


def filling(device: dict) -> float | None:
    is_full = device['is_leaf'] and device['memory_free'] is not None and device['memory_free'] < 0.05 * device['memory_total']
    return 1 if is_full else None


def pending(device: dict) -> float:
    return float(bool(device['remapped_rows_pending'] or device['retired_pages_pending']))


def when_true(stream: Stream) -> Stream:
    return lambda docs: ((labels, value) for labels, value in stream(docs) if value)


ALERTS = {
    'NvitopGpuResetPending': when_true(devices(pending)),
    'NvitopGpuRemapFailed': when_true(devices('remapped_rows_failure')),
    'NvitopDriverDown': lambda docs: (({'instance': name}, 1.0) for name, doc in docs.items() if driver(doc)['state'] != 'ok'),
    'NvitopGpuDown': lambda docs: ((labels, 1.0) for labels, up in each_up(is_gpu)(docs) if not up),
    'NvitopGpuThermalSlowdown': when_true(devices(has_bits(0x60))),
    'NvitopGpuPowerBrake': when_true(devices(has_bits(0x80))),
    'NvitopGpuMemoryAlmostFull': devices(filling),
    'NvitopGpuHeldIdle': idle_holders,
}
