"""Over which machines the scripts run, and all that may differ there, with the reason.

A reason begins with its kind:

D1 … D20    a fault of the original that is not copied; docs/differences.md has them
README      what the README of the first generation prints
wording     sentences are ours; which error it is stays the same
decided     otherwise on purpose, because the other way would tell an untruth or do harm
accident    the original meets with an error of its own where it was used in a way nobody thought of
"""

from __future__ import annotations

from twins import Allowed, Scene

SCENES = {
    'a100x8': Scene('a100x8', 'device'),
    'two': Scene('two', 'device process snapshots'),
    'mig': Scene('mig', 'device choose snapshots'),
    'lost': Scene('lost', 'device'),
    'uma': Scene('uma', 'device'),
    'laptop': Scene('laptop', 'device'),
    'wsl': Scene('wsl', 'device process'),
    'beside': Scene('two', 'host libnvml names collector choose'),
    'cuda': Scene('two', 'cuda', cuda='tests/fakecuda'),
    'no driver': Scene('nodriver', 'start'),
    'no library': Scene('two', 'start', {'LD_LIBRARY_PATH': '', 'NVITOP_NVML': ''}),
    'no permission': Scene('noperm', 'start'),
    'mismatch': Scene('mismatch', 'start'),
    'no gpu': Scene('none', 'start'),
    'cases': Scene('two', 'cases'),
}

ANY = '.*'
UUID_1 = 'GPU-46539195-8fc6-1f13-5def-8c1f8a9e3322'
BEHIND_THE_HOLE = (', MigDevice(index=(5, 4), name="NVIDIA A100-SXM4-80GB MIG 1g.10gb", total_memory=10240MiB)'
                   ', MigDevice(index=(5, 5), name="NVIDIA A100-SXM4-80GB MIG 2g.20gb", total_memory=20480MiB)]')
LOST = ('list [CudaDevice(cuda_index=0, nvml_index=0, name="NVIDIA RTX A6000", total_memory=48.00GiB), '
        'CudaDevice(cuda_index=1, nvml_index=1, name="ERROR: GPU is Lost", total_memory=N/A), '
        'CudaDevice(cuda_index=2, nvml_index=2, name="NVIDIA RTX A6000", total_memory=48.00GiB), '
        'CudaDevice(cuda_index=3, nvml_index=3, name="NVIDIA RTX A6000", total_memory=48.00GiB)]')
LOST_UUIDS = ("str 'GPU-2f32a784-96c6-7c60-b28c-4c30d302532e,GPU-51bf2516-1a05-fb1b-4eee-0420d2641985,"
              "GPU-41d58015-296e-c372-5ad1-1ccfb4d296ec'")
ONE = 'list [PhysicalDevice(index=0, name="NVIDIA GeForce RTX 3090", total_memory=24.00GiB)]'
SHARED = 'decided: of memory shared with the host, used is what GPU processes hold, and free is of the moment'
GOES_ON = 'decided: a lost GPU does not end the list of those that CUDA sees'
SCANNED = 'decided: MIG devices behind a free place are there as well'
NO_INDEX = 'accident: what is no index of a MIG device is asked of NVML as if it were a UUID; ours: TypeError, as for any device'
ORDINAL = 'accident: of what is no number it compares; ours: the error of each other wrong ordinal'
COUNTS = 'decided: a bool is a number wherever one is asked for'
ASCII = 'decided: sizes are in ASCII, and what is no size is always a ValueError'
PRINTABLE = 'decided: nothing in a command line may steer a terminal'
TEXT_OF_ERROR = "README: an error of CUDA says what it is, as in the first generation; there str() is the number"
SEEN_AT_ONCE = 'decided: what needs no cuInit is asked without one, and whether CUDA is available is found out'
NUMBER = "accident: it passes a pointer for CUDA's number of a device on"

ALLOWED = [
    # ---- forms
    Allowed(ANY, r"name='([^']*)'(?=, total_memory)", r'name="\1"', 'README: names of devices are in double quotes'),
    Allowed(ANY, r'20\.00GiB', '20480MiB', 'README: 20 GiB are still written in MiB'),
    Allowed(ANY, r'(\d+\.\d+)MiB', lambda found: f'{round(float(found[1]))}MiB', 'README: MiB are whole'),
    Allowed(ANY, r'nvitop\.api\.process\.HostProcess\(', 'HostProcess(', 'README: no module in the repr of a process'),
    Allowed(ANY, r"(HostProcess\(pid=\w+, name='[^']*', status='[^']*')\)", r"\1, started='THEN')",
            'README: a process always tells when it was started'),
    Allowed(ANY, r',(\\n|\n)( *)\)', r'\1\2)', 'README: no comma behind the last item of a snapshot'),
    # ---- devices
    Allowed(r'device: .*: list\(d\.processes\(\)\)', r'^list (.*)', lambda found: f'list {sorted(eval(found[1]))}',
            'decided: processes are in the order of their pids'),
    Allowed(r'device: .*gpu_sm_utilization.*', r', 0, 0, 0, 0\)', ", 'N/A', 'N/A', 'N/A', 'N/A')",
            'decided: the driver does not say what a process does under MIG, so that is N/A and not 0', scene='mig'),
    Allowed(r'.*\.count\(\)', 'int 6', 'int 8', SCANNED, scene='mig'),
    Allowed(r'.*\.all\(\)', r'(?<=10240MiB\))\]$', BEHIND_THE_HOLE, SCANNED, scene='mig'),
    Allowed(r'snapshots: .*shown.*', r', (\(\d+, )?\(5, [45]\)\)?(?=[,\]])', '', SCANNED, scene='mig', is_cut_from_both=True),
    Allowed(r'.*from_indices\(\) == .*', r'^raised TypeError: MigDevice.*', 'bool True',
            'accident: without an argument all are meant for each class of devices but this one'),
    Allowed(r'device: Device\(0\): d\.mig_device\(.*', r'^raised NVMLError_FunctionNotFound: .*', 'raised NVMLError_NotFound: Not Found',
            'decided: a driver without the function has no MIG devices', scene='laptop'),
    Allowed(r'device: .*memory_.*', r'(free=|used=|int |float |str .)[\d.]+', r'\1#', SHARED, scene='uma', is_cut_from_both=True),
    Allowed(r'device: .*memory_(used_human|free_human|usage).*', r'(?<=#)[MG]iB', '', SHARED, scene='uma', is_cut_from_both=True),
    Allowed(r'device: .*as_snapshot.*', r"(free=|used=|'memory_(?:used|free|percent|usage|used_human|free_human)', '?)[\d.]+([MG]iB)?",
            r'\1#', SHARED, scene='uma', is_cut_from_both=True),
    Allowed(r'device: .*\.cuda_index', r'^raised RuntimeError: CUDA Error: Device\(index=(.)\) .*', r'int \1', GOES_ON, scene='lost'),
    Allowed(r'device: .*from_cuda_visible_devices\(\)', r'^list.*', LOST, GOES_ON, scene='lost'),
    Allowed(r'device: .*d\.parse_cuda.*', r'^list \[0\]', 'list [0, 1, 2, 3]', GOES_ON, scene='lost'),
    Allowed(r'device: .*d\.normalize_cuda.*', r'^str .*', LOST_UUIDS, GOES_ON, scene='lost'),
    Allowed(r'device: Device\(1\): d\.mig_device\(.*', r'^MigDevice .*', 'raised NVMLError_NotFound: Not Found',
            'decided: an absent MIG device is not found, on a lost GPU too', scene='lost'),
    Allowed(r'device: Device\(1\): d\.temperature_threshold.*', r'^raised TypeError: .*', "NaType 'N/A'",
            'D8: a lost GPU gives N/A, with arguments as well', scene='lost'),
    Allowed(r'device: Device\(1\): d\.no_such_thing.*', r'^NaType .*', 'raised AttributeError',
            'D8: of a lost GPU nothing is known, but NVML still has no such function', scene='lost'),
    # ---- choosing
    Allowed(r'choose: .*MigDevice.*', r'^raised (NVMLError_InvalidArgument|NVMLError_NotFound|IndexError): .*', 'raised TypeError', NO_INDEX),
    Allowed(r'choose: .*from_indices\(\[\(0, 0\)\]\)', r"^raised TypeError: '<=' .*",
            'raised RuntimeError: CUDA Error: invalid device ordinal: (0, 0).', ORDINAL),
    Allowed(r"choose: .*from_indices\('0'\)", r"^raised TypeError: '<=' .*",
            "raised RuntimeError: CUDA Error: invalid device ordinal: '0'.", ORDINAL),
    Allowed(r"choose: '\+1': parse.*", r'^list \[\]', 'list [1]', 'decided: as CUDA reads it'),
    Allowed(r"choose: '\+1': normalize.*", "^str ''", f"str '{UUID_1}'", 'decided: as CUDA reads it'),
    Allowed(r'choose: parse_cuda_visible_devices\(5\)', r'^raised AttributeError: .*', 'raised TypeError',
            'accident: it looks for a method of a text'),
    Allowed(r'choose: Device\(0\): .*select_devices.*', r'^raised TypeError: .*', 'list [0]', 'D2: one device is taken as well as several'),
    Allowed(r'choose: True: .*|process: HostProcess\(True\).pid', r'index=True|^bool True', lambda found: {
        'index=True': 'index=1'}.get(found[0], 'int 1'), COUNTS),
    # ---- collectors
    Allowed(r'collector: .*collect\(\).*', r", 'T/pid:\d+/host/running_time \(min\)/last'(: True)?", '', 'D15: no second key'),
    Allowed(r'collector: ResourceMetricCollector\(Device\(0\)\)\.devices', r'^raised TypeError: .*', ONE, 'D2: one device is taken'),
    Allowed(r'collector: ResourceMetricCollector\(\[Device\(0\)\], \{1\}\)', r'^raised TypeError: .*',
            'ResourceMetricCollector <nvitop.api.collector.ResourceMetricCollector object at 0xADDRESS>',
            'README: the roots may be the second argument, as in the first generation'),
    # ---- what is not available, snapshots, texts
    Allowed(r'python-na: copy.*', r'^raised TypeError: NaType.*', 'bool True', 'D18: it can be copied'),
    Allowed(r'python-na: \[pickle.*', r'^raised TypeError: NaType.*', f'list {[True] * 6}', 'D18: it can be pickled'),
    Allowed(r'names: copy\.copy\(s\)\.a', r'^raised RecursionError: .*', "str 'x'", 'accident: a copy asks itself without end'),
    Allowed(r'names: pickle\.loads.*', r'^raised RecursionError: .*', 'int 1', 'accident: what is unpickled asks itself without end'),
    Allowed(r'python-text: \w+\((True|False)\)', r"'(True|False)(?=B|%)", lambda found: f"'{int(found[1] == 'True')}", COUNTS),
    Allowed(r'python-text: .*min_unit=math\.nan.*', r'^str .*', 'raised ValueError', 'accident: no unit is not less than that'),
    Allowed(r'python-text: human2bytes.*', r'^(int|raised KeyError|raised OverflowError).*', 'raised ValueError', ASCII),
    Allowed(r'python-text: command_join\(iter.*', r'^raised TypeError: .*', "str 'a b'", 'accident: it asks an iterator for its length'),
    Allowed(r'python-text: command_join\(\[5\]\)', r'^int 5', 'raised TypeError', 'accident: one argument comes back as it is'),
    Allowed(r'python-text: command_join.*', r'\\x1b|\\x07|\\x00|\\udcff|\\ud800', '\ufffd', PRINTABLE),
    # ---- CUDA's libraries
    Allowed(r'(cuda|start): .*', r'^raised ((?:CUDA|cuda)Error_\w+): .*', r'raised \1', TEXT_OF_ERROR, is_cut_from_both=True),
    Allowed(r'cuda: str\(libcuda\..*', r"^str '3'", "str 'Initialization error. Code: CUDA_ERROR_NOT_INITIALIZED (3).'", TEXT_OF_ERROR),
    Allowed(r'cuda: str\(libcudart\..*', r"^str '3'", "str 'Initialization error. Code: cudaErrorInitializationError (3).'", TEXT_OF_ERROR),
    Allowed(r'cuda: libcuda\.cuGetErrorName\(3\)', r'^raised CUDAError_NotInitialized', "str 'CUDA_ERROR_NOT_INITIALIZED'", SEEN_AT_ONCE),
    Allowed(r'cuda: libcuda\.is_available\(\)', 'bool False', 'bool True', SEEN_AT_ONCE),
    Allowed(r'cuda: libcuda\.cuDeviceGet\(0\)', r'^LP__.*', 'int 0', NUMBER),
    Allowed(r'cuda: libcuda\.cuDeviceGetByPCIBusId.*', r'^LP__.*', 'int 1', NUMBER),
    Allowed(r'cuda: libcuda\.cuDeviceTotalMem.*', r'^raised CUDAError_NotFound', f'int {2 << 30}',
            'decided: of each function the newest version that is there'),
    Allowed(r'cuda: libcudart\.cudaRuntimeGetVersion.*', "'11.8'", "'11.8.1'", 'decided: the last place is told unless it is 0'),
    # ---- wording
    Allowed(r'(python-\w+|process|choose|snapshots|start|names|cuda): .*', r'^raised (TypeError|ValueError|AssertionError|ZeroDivisionError): .*',
            r'raised \1', 'wording', is_cut_from_both=True),
    Allowed(r'.*(no_such_thing|mig_device|nvmlNope|\.real|\[.real.\]|\.timestamp).*', r'^raised (AttributeError): .*',
            r'raised \1', 'wording', is_cut_from_both=True),
    Allowed(r'process: dead\.children\(\)', 'process PID not found', 'process no longer exists', 'wording'),
]
