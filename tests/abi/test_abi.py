"""Our declarations of the driver's interface against an independent binding, number by number."""

from __future__ import annotations

import ctypes
from types import ModuleType

# The older release knows neither the versioned structs nor the newer numbers.
LEAST = {'11.495.46': {'struct': 15, 'field': 60, 'tag': 0, 'constant': 120},
         '13.595.45': {'struct': 25, 'field': 100, 'tag': 5, 'constant': 150}}

# Constants of drivers after the newest binding compared.
NEWER = ['NVML_DEVICE_ARCH_RUBIN']

# The older release has one name for the only process row it knows.
ALSO = {'c_nvmlProcessInfo_v2_t': ('c_nvmlProcessInfo_v2_t', 'c_nvmlProcessInfo_t')}


def official_struct(binding: ModuleType, name: str) -> type[ctypes.Structure] | None:
    for candidate in ALSO.get(name, (name,)):
        if hasattr(binding, candidate):
            return getattr(binding, candidate)
    return None


def compare_structs(binding: ModuleType, ours: list[list]) -> tuple[int, list[str]]:
    wrong, count = [], 0
    for kind, ctype, official, *numbers in ours:
        if kind != 'struct' or not (theirs := official_struct(binding, official)):
            continue
        count += 1
        if ctypes.sizeof(theirs) != numbers[0]:
            wrong.append(f'{ctype}: {numbers[0]} bytes, {official} has {ctypes.sizeof(theirs)}')
    return count, wrong


def compare_fields(binding: ModuleType, ours: list[list]) -> tuple[int, list[str]]:
    official_of = {row[1]: row[2] for row in ours if row[0] == 'struct'}
    wrong, count = [], 0
    for kind, ctype, *rest in ours:
        theirs = official_struct(binding, official_of[ctype]) if kind == 'field' else None
        if not theirs:
            continue
        name, offset, size = rest
        field = getattr(theirs, name, None)
        if field is None:
            if name in ('siVal', 'usVal'):  # 11.495 has the older union
                continue
            wrong.append(f'{ctype}: the binding has no field {name}')
            continue
        count += 1
        if (field.offset, field.size) != (offset, size):
            wrong.append(f'{ctype}.{name}: at {offset}, {size} bytes; theirs at {field.offset}, {field.size} bytes')
    return count, wrong


def compare_numbers(binding: ModuleType, ours: list[list], kind: str) -> tuple[int, list[str]]:
    wrong, count = [], 0
    for row in ours:
        name, value = row[-2], row[-1]
        theirs = getattr(binding, name, None) if row[0] == kind and name else None
        if theirs is None:
            continue
        count += 1
        if getattr(theirs, 'value', theirs) != value:
            wrong.append(f'{name}: {value:#x}, theirs {getattr(theirs, "value", theirs):#x}')
    return count, wrong


def compare(binding: ModuleType, ours: list[list]) -> tuple[dict[str, int], list[str]]:
    found = {
        'struct': compare_structs(binding, ours),
        'field': compare_fields(binding, ours),
        'tag': compare_numbers(binding, ours, 'tag'),
        'constant': compare_numbers(binding, ours, 'constant'),
    }
    return {kind: count for kind, (count, _) in found.items()}, [w for _, wrong in found.values() for w in wrong]


def test_everything_equals_the_binding(binding: ModuleType, ours: list[list]) -> None:
    counts, wrong = compare(binding, ours)
    print(f'nvidia-ml-py {binding.release}: compared {counts}')
    assert not wrong, '\n'.join(wrong)
    for kind, least in LEAST[binding.release].items():
        assert counts[kind] >= least, f'compared only {counts[kind]} {kind}s, at least {least} are expected'


def test_a_wrong_number_is_seen(binding: ModuleType, ours: list[list]) -> None:
    """Each kind of row, made wrong by one, is reported."""
    for kind in ('struct', 'field', 'constant'):
        at = next(i for i, row in enumerate(ours) if row[0] == kind and row[-2] not in ('',))
        broken = [list(row) for row in ours]
        broken[at][-1] += 1
        assert len(compare(binding, broken)[1]) == 1, broken[at]


def test_nothing_is_unknown_to_the_newest_binding(binding: ModuleType, ours: list[list]) -> None:
    """A misspelt name would be left out of the comparison silently."""
    if binding.release != '13.595.45':
        counts, _ = compare(binding, ours)
        assert counts['struct'] < len([row for row in ours if row[0] == 'struct'])
        return
    unknown = [row[2] for row in ours if row[0] == 'struct' and not official_struct(binding, row[2])]
    unknown += [row[1] for row in ours if row[0] == 'constant' and not hasattr(binding, row[1])]
    assert sorted(unknown) == NEWER
