"""CUDA_VISIBLE_DEVICES: every line of tests/cases/visible.case that needs no CUDA driver, through Python."""

import pytest
from conftest import Scripts
from support import paths, sim

import outcomes

UUIDS = {
    'A': 'GPU-aaaaaaaa-0000-0000-0000-000000000000', 'A1': 'GPU-aaaaaaaa-1111-1111-1111-111111111111',
    'B': 'GPU-bbbbbbbb-2222-2222-2222-222222222222', 'C': 'GPU-cccccccc-3333-3333-3333-333333333333',
    'M1': 'MIG-11111111-0000-5000-8000-000000000001', 'M2': 'MIG-11111111-0000-5000-8000-000000000002',
    'U0': 'GPU-11111111-aaaa-bbbb-cccc-000000000000', 'U1': 'GPU-22222222-aaaa-bbbb-cccc-000000000001',
    'U2': 'GPU-33333333-aaaa-bbbb-cccc-000000000002', 'U3': 'GPU-33344444-aaaa-bbbb-cccc-000000000003',
    'N0': 'MIG-aaaaaaaa-0000-5000-8000-000000000000', 'N1': 'MIG-bbbbbbbb-0000-5000-8000-000000000001',
}

# A GPU is a UUID, None where it is lost; what follows it in a list are its MIG devices: UUID, GPU instance.
BOXES = {
    'plain': ['A', 'A1', 'B', 'C'],
    'mig': ['A', ['A1', ('M1', 1), ('M2', 2)], ['B'], ],
    'seta': ['U0', 'U1', 'U2', 'U3'],
    'setb': ['U0', ['U1', ('N0', 3), ('N1', 5)], ['U2'], 'U3'],
    'lost': ['A', None, 'B', 'C'],
}


def scenario_text(box):
    """The box as a scenario."""
    lines = ['[system]', 'driver_version = 550.163.01']
    for index, gpu in enumerate(box):
        uuid, *instances = gpu if isinstance(gpu, list) else [gpu]
        lines += [f'[device {index}]', 'mem_total = 40GiB', f'mig_mode = {int(isinstance(gpu, list))}',
                  f'uuid = {UUIDS[uuid]}' if uuid else 'handle_error = GPU_IS_LOST']
        for place, (name, instance) in enumerate(instances):
            lines += [f'[mig {index}:{place}]', f'uuid = {UUIDS[name]}', f'gi = {instance}', 'ci = 0']
    return '\n'.join(lines) + '\n'


def cases():
    """(box, value or None, indices) of each line."""
    for line in (paths.ROOT / 'tests/cases/visible.case').read_text(encoding='utf-8').splitlines():
        box, _, rest = line.partition(':')
        if line.startswith('#') or box not in BOXES:
            continue
        value, _, expected = rest.rpartition('|')
        value = value.strip().format(**UUIDS).encode().decode('unicode_escape')
        indices = [tuple(map(int, word.split(':'))) if ':' in word else int(word)
                   for word in expected.split() if word != '-']
        yield box, None if value == 'unset' else value, indices


CASES = list(cases())


@pytest.fixture(scope='module')
def parsed(tmp_path_factory):
    """What each value comes to in each box."""
    found = {}
    for name, box in BOXES.items():
        path = tmp_path_factory.mktemp('boxes') / f'{name}.ini'
        path.write_text(scenario_text(box))
        values = [value for at, value, _ in CASES if at == name]
        with sim.scenario(path) as opened:
            made = outcomes.ours(Scripts(opened), [f'parse_cuda_visible_devices({value!r})' for value in values],
                                    'from nvitop.api.device import *')
        found.update({(name, value): made[f'parse_cuda_visible_devices({value!r})'] for value in values})
    return found


@pytest.mark.parametrize('box, value, indices', CASES)
def test_case(parsed, box, value, indices):
    assert parsed[box, value] == repr(indices)


def test_there_are_enough():
    assert len(CASES) > 100
    assert {box for box, _, _ in CASES} == set(BOXES)


def test_environment_is_what_an_omitted_value_means(two):
    found = outcomes.ours(two, ['parse_cuda_visible_devices()', 'CudaDevice.count()', 'CudaDevice(0).index',
                                   'Device(0).cuda_index', 'Device(1).cuda_index', 'CudaDevice(1)',
                                   'Device.normalize_cuda_visible_devices() == Device(1).uuid()'],
                             'from nvitop.api.device import *', CUDA_VISIBLE_DEVICES='1')
    assert list(found.values()) == [
        '[1]', '1', '1', 'raised RuntimeError: CUDA Error: Device(index=0) is not visible to CUDA applications', '0',
        'raised RuntimeError: CUDA Error: invalid device ordinal: 1.', 'True']


def test_environment_is_read_when_asked(two):
    assert two.lines('''
        import os
        from nvitop.api.device import *
        for value in ('1,0', '', '0'):
            os.environ['CUDA_VISIBLE_DEVICES'] = value
            print(parse_cuda_visible_devices(), Device.parse_cuda_visible_devices(), len(CudaDevice.all()))
        del os.environ['CUDA_VISIBLE_DEVICES']
        print(parse_cuda_visible_devices())
    ''') == ['[1, 0] [1, 0] 2', '[] [] 0', '[0] [0] 1', '[0, 1]']


def test_normalized_value_names_the_same_devices(over):
    values = [None, '0', '1,0', '', '9', 'MIG-ce331a8e-e5a4-a32a-7d1c-d6ea2aa45fe4', '0,0', '7,6,1']
    for scenario in ('two', 'mig'):
        found = outcomes.ours(over(scenario), [
            f'parse_cuda_visible_devices(normalize_cuda_visible_devices({value!r})) == '
            f'parse_cuda_visible_devices({value!r})' for value in values
        ] + ['normalize_cuda_visible_devices("0,1")'], 'from nvitop.api.device import *')
        joined = found.pop('normalize_cuda_visible_devices("0,1")')
        assert set(found.values()) == {'True'}
        assert joined.count('GPU-') == 2 and joined.count(',') == 1


def test_what_is_no_text_is_a_type_error(two):
    found = outcomes.ours(two, ['parse_cuda_visible_devices(0)', 'normalize_cuda_visible_devices([0])'],
                             'from nvitop.api.device import *')
    assert all(outcome.startswith('raised TypeError: ') for outcome in found.values())


def test_no_python_is_started(two):
    """D12: a script without a guard for `__main__` is not run twice."""
    assert two.lines('''
        print('once')
        from nvitop.api.device import *
        parse_cuda_visible_devices('0')
        CudaDevice(0)
    ''') == ['once']
