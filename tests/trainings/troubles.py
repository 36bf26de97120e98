"""A training lives through a driver that is lost, comes back, becomes slow and then never answers.

The scenario's clock is a file. The script that trains asks `trouble` at the end of each step, and
`trouble` turns the clock on as soon as the logged state is what it has to be by then.
"""

NAN = float('nan')

# From which second on, the fault if there is one, and what is logged as the GPU's utilization.
STAGES = [
    (0, '', 57.0),
    (10, 'lost_at = 10s\nback_at = 20s', NAN),
    (20, '', 57.0),
    (30, 'delay.nvmlDeviceGet* = 500ms at 30s', 57.0),
    (40, 'hang.nvmlDeviceGetUtilizationRates = yes at 40s', NAN),
]
GPUS = '[device 0]\n' + '\n'.join(fault for _, fault, _ in STAGES if fault)
STEPS = 50  # of each stage, at least

SCRIPT = f'''
    import math, os, statistics, threading, time
    nan = math.nan
    hooks, state = [], dict(utilization=None)
    def set_clock(second):
        path = os.environ['NVITOP_SIM_CLOCK']
        with open(path + '.new', 'w') as file:
            file.write(str(second))
        os.replace(path + '.new', path)
    def pass_stages():
        for second, wanted in {[(second, wanted) for second, _, wanted in STAGES]!r}:
            set_clock(second)
            steps = 0
            while steps < {STEPS} or str(state['utilization']) != str(wanted):
                steps += 1
                yield False
            print('told', second, state['utilization'], flush=True)
        yield True
    stages = pass_stages()
    def timed(hook, *arguments):
        start = time.monotonic()
        hook(*arguments)
        hooks.append(time.monotonic() - start)
    def tell_hooks():
        """No hook waits for as long as a call to the driver takes, but the end does for one that is stuck."""
        ends = hooks.pop()
        print('told', len(hooks) >= {2 * STEPS * len(STAGES)}, statistics.median(hooks) < 0.01, sum(hooks) < 10, 2 < ends < 20)
'''
TOLD = [f'{second} {value}' for second, _, value in STAGES] + ['True True True True']
