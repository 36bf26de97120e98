"""Every public method of a device, beside the original's 1.7.2 over the same scenario at the same time.

What differs stands in `DIFFERENT`, with the decision behind it; all else must be equal. The scenario's
clock stands still; counters go on nevertheless, so of what is made of them only the form is compared.
"""

import re

import pytest
from conftest import Scripts
from support import sim

import outcomes

# What differs: in which scenario, in which calls, and why. All of them must differ, or the row goes.
DIFFERENT = [
    ('mig', r'Device\(\(.*\)\.(count|all)\(\)', 'the original ends its list of MIG devices at the first free place'),
    ('uma', r'.*\.memory_(info|free|used|percent|usage|free_human|used_human)\(\)',
     'shared memory: used is what GPU processes hold, not all that the host uses, and free is of its own moment'),
]
# For people, numbers of bytes have 0.7.1's form and not 1.7.2's: `human` makes them equal. Processes are
# ascending by pid; `same_words` puts the original's so. Names in a repr have the quotes of the README.
FORM_ONLY = ('nvlink', 'pcie')
NUMBER = re.compile(r'\d+(?:\.\d+)?(?:[KMG]iB|B)?')

METHODS = '''
all bar1_memory_free bar1_memory_free_human bar1_memory_info bar1_memory_percent bar1_memory_total
bar1_memory_total_human bar1_memory_usage bar1_memory_used bar1_memory_used_human bus_id clock_infos
clock_speed_infos clocks compute_mode count cuda_compute_capability cuda_driver_version cuda_runtime_version
cudart_version current_driver_model decoder_utilization display_active display_mode driver_model driver_version
encoder_utilization fan_speed from_cuda_indices from_cuda_visible_devices gpu_percent gpu_utilization
graphics_clock is_available is_leaf_device is_mig_device is_mig_mode_enabled max_clock_infos max_clocks
max_cuda_version max_graphics_clock max_memory_clock max_mig_device_count max_sm_clock max_video_clock memory_clock
memory_free memory_free_human memory_info memory_percent memory_total memory_total_human memory_usage memory_used
memory_used_human memory_utilization mig_devices mig_mode name normalize_cuda_visible_devices nvlink_link_count
nvlink_mean_rx_throughput nvlink_mean_rx_throughput_human nvlink_mean_throughput nvlink_mean_tx_throughput
nvlink_mean_tx_throughput_human nvlink_rx_throughput nvlink_rx_throughput_human nvlink_throughput
nvlink_total_rx_throughput nvlink_total_rx_throughput_human nvlink_total_throughput nvlink_total_tx_throughput
nvlink_total_tx_throughput_human nvlink_tx_throughput nvlink_tx_throughput_human parse_cuda_visible_devices
pcie_rx_throughput pcie_rx_throughput_human pcie_throughput pcie_tx_throughput pcie_tx_throughput_human
performance_state persistence_mode power_draw power_limit power_status power_usage processes serial sm_clock
temperature to_leaf_devices total_volatile_uncorrected_ecc_errors utilization_rates uuid video_clock
'''.split()
PROPERTIES = ['index', 'nvml_index', 'physical_index', 'cuda_index']
OF_MIG = ['gpu_instance_id', 'compute_instance_id']
DEVICES = {'a100x8': ['Device(0)', 'Device(7)', 'CudaDevice(3)'],
           'mig': ['Device(0)', 'Device(2)', 'Device((2, 0))', 'Device((5, 2))', 'CudaDevice(0)'],
           'two': ['Device(0)', 'Device(1)'], 'uma': ['Device(0)'], 'laptop': ['Device(0)']}
CLASS_LEVEL = '''
Device.SNAPSHOT_KEYS
MigDevice.SNAPSHOT_KEYS
CudaMigDevice.SNAPSHOT_KEYS
[cls.__name__ for cls in CudaMigDevice.__mro__ if cls.__module__.startswith('nvitop.api.device')]
[cls.__name__ for cls in PhysicalDevice.__mro__ if cls.__module__.startswith('nvitop.api.device')]
Device.memory_info(Device(0))._fields
Device.GPU_PROCESS_CLASS.__name__
list(Device(0).as_snapshot())
list(CudaDevice(0).as_snapshot())
type(Device(0).as_snapshot().real).__name__
sorted((pid, p.pid, p.type, p.gpu_memory(), p.gpu_instance_id(), p.compute_instance_id()) for pid, p in Device(0).processes().items())
'''.strip().splitlines()


def same_words(text: str) -> str:
    """The two have other quotes, other words for a process, and list processes in another order."""
    text = re.sub(r"name='([^']*)', total", r'name="\1", total', text)
    text = re.sub(r'host=[\w.]*HostProcess\([^)]*\)', 'host', text)
    text = re.sub(r'0x[0-9a-f]+', '', text)
    if text.startswith('{') and 'GpuProcess(' in text:
        text = '{' + ', '.join(sorted(re.findall(r'\d+: GpuProcess\(.*?host\)', text))) + '}'
    return text


def human(text: str) -> str:
    """Numbers of bytes for people, as numbers in MiB, rounded to three places."""
    def plain(found):
        number = float(found[1]) * {'B': 2**-20, 'KiB': 2**-10, 'MiB': 1, 'GiB': 2**10}[found[2]]
        return f'{float(f"{number:.2g}"):g}M'
    return re.sub(r'(\d+(?:\.\d+)?)(B|[KMG]iB)\b', plain, text)


def calls(device: str) -> list[str]:
    of_mig = [f'{device}.{name}()' for name in OF_MIG] if '(5' in device or '(2,' in device else []
    return [f'{device}.{name}()' for name in METHODS] + [f'{device}.{name}' for name in PROPERTIES] + of_mig


@pytest.fixture(scope='module', params=DEVICES)
def twins(request):
    wanted = [call for device in DEVICES[request.param] for call in calls(device)]
    with sim.scenario(request.param) as opened:
        scripts = Scripts(opened)
        ours = outcomes.ours(scripts, wanted + CLASS_LEVEL, 'from nvitop.api.device import *', NVITOP_SIM_CLOCK='42')
        theirs = outcomes.peers(scripts, wanted + CLASS_LEVEL, NVITOP_SIM_CLOCK='42')
    return request.param, ours, theirs


def reason(scenario: str, call: str) -> str | None:
    """Why the two differ here; None if they must not."""
    return next((why for at, pattern, why in DIFFERENT if at == scenario and re.fullmatch(pattern, call)), None)


def test_methods_agree(twins):
    scenario, ours, theirs = twins
    wrong, differing = {}, set()
    for call in (call for device in DEVICES[scenario] for call in calls(device)):
        mine, other = (human(same_words(text)) for text in (ours[call], theirs[call]))
        if any(word in call for word in FORM_ONLY):
            mine, other = (NUMBER.sub('#', text) for text in (mine, other))
        if mine != other:
            differing.add(reason(scenario, call))
            if reason(scenario, call) is None:
                wrong[call] = (ours[call], theirs[call])
    assert wrong == {}
    assert differing == {why for at, _, why in DIFFERENT if at == scenario}


def test_classes_agree(twins):
    _, ours, theirs = twins
    assert {text: ours[text] for text in CLASS_LEVEL} == {text: theirs[text] for text in CLASS_LEVEL}


def test_all_names_of_the_original_are_there(two):
    names = '{cls.__name__: [name for name in dir(cls) if name[0] != "_"] for cls in ' \
            '(Device, PhysicalDevice, MigDevice, CudaDevice, CudaMigDevice)}'
    ours = eval(outcomes.ours(two, [names], 'from nvitop.api.device import *')[names])
    theirs = eval(outcomes.peers(two, [names])[names])
    assert {cls: set(there) - set(ours[cls]) for cls, there in theirs.items()} == {cls: set() for cls in theirs}
    methods = {*METHODS, *PROPERTIES, *OF_MIG, 'mig_device', 'mig_index', 'parent', 'handle', 'cuda', 'oneshot',
               'as_snapshot', 'from_indices', 'SNAPSHOT_KEYS', 'UUID_PATTERN', 'GPU_PROCESS_CLASS'}
    assert set().union(*theirs.values()) <= methods
    assert {'cuda_all', 'cuda_version'} <= set(ours['Device'])  # 0.7.1's
