"""A program that has the GPU of a made-up machine open: ROOT NAME obeys|clings.

It has its entry in that machine's /proc, under the pid that it really has. One that obeys takes the entry
along when it is asked to end, and holds a FIFO open for as long as it lives; one that clings does not end.
"""

import os
import shutil
import signal
import sys

root, name, manner = sys.argv[1:]
place = os.path.join(root, 'proc', str(os.getpid()))


def end(_number, _frame):
    shutil.rmtree(place)
    sys.exit(0)


os.makedirs(os.path.join(place, 'fd'))
os.symlink('/dev/nvidia0', os.path.join(place, 'fd/4'))
with open(os.path.join(place, 'comm'), 'w', encoding='utf-8') as file:
    file.write(name + '\n')
signal.signal(signal.SIGTERM, end if manner == 'obeys' else signal.SIG_IGN)
if manner == 'obeys':
    os.mkfifo(os.path.join(place, 'obeys'))
    held = os.open(os.path.join(place, 'obeys'), os.O_RDWR)
print('ready', flush=True)
while True:
    signal.pause()
