"""What stands beside devices and processes: colours, caches, snapshots, and where all names are."""

import copy
import importlib
import io
import pickle
import time
import types

import nvitop
from nvitop import caching, collector, device, process, select, termcolor, utils, version

# ---- where they are
for name in sorted(PEER['nvitop']):
    at(name)
    getattr(nvitop, name) is getattr(importlib.import_module('nvitop.api'), name, getattr(nvitop, name))
at()
sorted(set(PEER['nvitop']) - set(nvitop.__all__))
nvitop.api.utils is utils
nvitop.utils is utils
for module in (caching, collector, device, process, utils):
    for name in sorted(PEER[module.__name__.split('.')[-1]]):
        at(f'{module.__name__} {name}')
        type(getattr(module, name)).__name__
        getattr(module, name) is getattr(nvitop, name, getattr(module, name))
at()
device.parse_cuda_visible_devices('0')
device.normalize_cuda_visible_devices('0')
process.command_join(['a', 'b c'])
utils.bytes2human(MiB * 2000)
utils.human2bytes('1KiB')
utils.timedelta2human(59.9)
utils.utilization2string(5)
utils.boolify('yes')
utils.colored('a', 'red')
utils.set_color(False)
collector.take_snapshots([]).devices
collector.collect_in_background(len, start=False).name
caching.ttl_cache(abs)(-1)
SIZE_UNITS
(KiB, MiB, GiB, TiB, PiB)

select.select_devices(min_count=1) == select_devices(min_count=1)
type(version.__version__)
nvitop.__version__ == version.__version__

# ---- what is not available, as a text
for name, arguments in {
    'capitalize': (), 'casefold': (), 'center': (9, '*'), 'count': ('N',), 'encode': (), 'endswith': ('A',),
    'expandtabs': (), 'find': ('A',), 'format': (), 'format_map': ({},), 'index': ('A',), 'isalnum': (), 'isalpha': (),
    'isascii': (), 'isdecimal': (), 'isdigit': (), 'isidentifier': (), 'islower': (), 'isnumeric': (),
    'isprintable': (), 'isspace': (), 'istitle': (), 'isupper': (), 'join': ('ab',), 'ljust': (5,), 'lower': (),
    'lstrip': (), 'maketrans': ('a', 'b'), 'partition': ('/',), 'removeprefix': ('N',), 'removesuffix': ('A',),
    'replace': ('N', 'M'), 'rfind': ('A',), 'rindex': ('A',), 'rjust': (5,), 'rpartition': ('/',), 'rsplit': ('/',),
    'rstrip': (), 'split': ('/',), 'splitlines': (), 'startswith': ('N',), 'strip': (), 'swapcase': (), 'title': (),
    'translate': ({78: 'M'},), 'upper': (), 'zfill': (5,),
}.items():
    at(name)
    call(NA, name, *arguments)
at()
isinstance(NA, NotApplicableType)
NotApplicable is NA

# ---- colours
colored('a', 'red')
set_color(True)
colored('a', 'red')
colored('a', 'green', 'on_white', ['bold', 'underline'])
colored(5, attrs=['dark'])
colored('a', 'orange')
set_color(False)
colored('a', 'green', 'on_white', ['bold', 'underline'])
termcolor.colored('a', 'red')
termcolor.colored('a', 'red', force_color=True)
termcolor.colored('a', 'red', 'on_blue', ['reverse'], force_color=True)
termcolor.colored('a', 'red', no_color=True)
termcolor.colored('a', 'orange', force_color=True)
stream = io.StringIO()
termcolor.cprint('a', 'red', force_color=True, end='|', file=stream)
termcolor.cprint('b', 'red', no_color=True, file=stream)
stream.getvalue()

# ---- a cache that forgets
clock = [0.0]
calls = []


@ttl_cache(maxsize=2, ttl=10, timer=lambda: clock[0])
def cached(number, *, key=None):
    """Its words."""
    calls.append(number)
    return number * 2


cached(1)
cached(1)
cached(2)
tuple(cached.cache_info())
clock[0] = 9.5
cached(1)
len(calls)
clock[0] = 10.5
cached(1)
len(calls)
cached(3)
cached(4)
cached.cache_info()._asdict()
cached.cache_parameters()
cached.cache_clear()
cached.cache_info()._asdict()
cached(1.0)
cached(1)
cached(1, key=2)
cached([])
cached.__name__
cached.__doc__
cached.__wrapped__(5)
ttl_cache(maxsize=None)(len)('abc')
ttl_cache(maxsize=None)(len).cache_info()
ttl_cache(maxsize=0)(len).cache_info()
ttl_cache(len)('ab')
ttl_cache(typed=True, maxsize=9)(abs)(-1)
ttl_cache(ttl=-1)
ttl_cache(ttl=-1)(len)
ttl_cache(ttl=0, timer=lambda: 0)(len)('abc')
ttl_cache('x')
caching.ttl_cache is ttl_cache

# ---- a snapshot


class Real:
    """What a snapshot is of."""

    field = 7

    def call(self):
        return 'called'

    def fail(self):
        raise ValueError('failed')

    def __repr__(self):
        return 'Real()'


real = Real()
s = Snapshot(real, b=1, a='x', c=Snapshot(real, d=[NA]))
repr(s).replace(str(s.timestamp), 'THEN').replace(str(s.c.timestamp), 'THEN')
str(s) == repr(s)
s.real is real
near(s.timestamp, time.time())
s.a
s['a']
s.field
s['field']
s.call
s['call']
s.fail
s['fail']
s.nope
s['nope']
s['new'] = 5
s.new
s.other = 6
s['other']
s.real = 5
s['real'] = 5
s.timestamp = 5
list(s)
list(s.keys())
dict(s).keys()
{**s}['b']
'b' in s
'nope' in s
len(s)
hash(s) == hash(s)
hash(s) == hash(Snapshot(real))
s == s
s == Snapshot(real, b=1)
bool(s)
copy.copy(s).a
pickle.loads(pickle.dumps(Snapshot(5, a=1))).a
Snapshot(5).real
repr(Snapshot(5)).replace(',', '')[:20]
Snapshot()
Snapshot(real, 5)
