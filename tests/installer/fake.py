"""The tools of a system that the installer calls, over a machine that is a file: apt, dpkg, services, modules.

The machine is what machine.py has made. Each tool is this file under its name; it answers as the real one
does in the words that the installer reads, and writes down how it was called. It is started a thousand
times by the tests, so it imports nothing that takes long to load.
"""

import os
import sys

FOLDER = os.environ['FAKE_FOLDER']
ROOT = os.path.join(FOLDER, 'root')


class Fails(Exception):
    """The tool says something and ends with 100, as apt does."""


def load():
    with open(os.path.join(FOLDER, 'machine'), encoding='utf-8') as file:
        return eval(file.read(), {})


def save(machine):
    """What dpkg has stands in a file of its own, too, as dpkg-query prints it."""
    with open(os.path.join(FOLDER, 'machine'), 'w', encoding='utf-8') as file:
        file.write(repr(machine))
    with open(os.path.join(FOLDER, 'status'), 'w', encoding='utf-8') as file:
        file.writelines(f'{status}|{name}|{version}\n' for name, (status, version) in machine['has'].items())


def interrupt():
    """Ctrl-C: all in the foreground get it, and who does not ignore it ends."""
    import signal
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(0, signal.SIGINT)


def leave():
    """Whoever reads what the installer says stops reading, as `tee` does that Ctrl-C has ended."""
    for name, mode in (('leave', 'w'), ('left', 'r')):
        with open(os.path.join(FOLDER, name), mode, encoding='utf-8') as fifo:
            fifo.write('now') if mode == 'w' else fifo.read()


def trip(machine, step):
    """Fails if the machine is one on which this step does, or on which somebody interrupts it or stops reading."""
    if step in machine['leaves']:
        machine['leaves'].remove(step)
        leave()
    if step in machine['interrupts']:
        interrupt()
    if step in machine['fails']:
        raise Fails(machine['fails'][step].replace('\\n', '\n'))


# ---- apt


def add_with_needs(machine, name, version, plan):
    status, present = machine['has'].get(name, ('un ', ''))
    if (status[1], present) != ('i', version):
        plan.append(('replace', name, present, version) if status[1] == 'i' else ('install', name, version))
    for need in machine['needs'].get(name, ()):
        add_with_needs(machine, need, machine['offers'][need], plan)


def make_plan(machine, words):
    plan = []
    for word in words:
        name, equals, version = word.partition('=')
        if equals:
            if machine['offers'].get(name) != version:
                raise Fails(f"E: Version '{version}' for '{name}' was not found")
            add_with_needs(machine, name, version, plan)
        elif word.endswith('-') and word[:-1] in machine['has']:
            plan.append(('remove', word[:-1], machine['has'][word[:-1]][1]))
    if plan:
        plan += [('remove', name, machine['has'][name][1]) for name in machine['clashes']]
    return plan


def told(step):
    kind, name, first = step[:3]
    if kind == 'remove':
        return f'Remv {name} [{first}]'
    if kind == 'replace':
        return f'Inst {name} [{first}] ({step[3]} Fake:1/stable [amd64])'
    return f'Inst {name} ({first} Fake:1/stable [amd64])'


def apply_plan(machine, plan, state='ii '):
    for step in plan:
        if step[0] == 'remove':
            del machine['has'][step[1]]
        else:
            machine['has'][step[1]] = (state, step[-1])


def build_module(machine, plan):
    """One of the version of the last package of the driver's that has come, which is all that its file holds."""
    come = [step[-1] for step in plan if step[0] != 'remove' and 'nvidia' in step[1]]
    if come and 'module' not in machine['fails']:
        place = os.path.join(ROOT, 'lib/modules', machine['kernel'], 'updates/dkms')
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, 'nvidia.ko'), 'w', encoding='utf-8') as file:
            file.write(come[-1].split(':')[-1].split('-')[0])


def restore(machine, words):
    trip(machine, 'restore')
    for word in words:
        if word.endswith('.deb'):
            name, version = os.path.basename(word).split('_')[:2]
            machine['has'][name] = ('ii ', version.replace('%3a', ':'))
        else:
            machine['has'].pop(word.rstrip('-'), None)


def install(machine, words, is_download):
    if all(word.endswith(('.deb', '-')) for word in words):
        return restore(machine, words)
    trip(machine, 'download' if is_download else 'begin')
    if is_download:
        return None
    plan = make_plan(machine, words)
    if 'install' in machine['fails']:
        apply_plan(machine, plan, 'iF ')
        trip(machine, 'install')
    apply_plan(machine, plan)
    return build_module(machine, plan)


def download(machine, words):
    for word in words:
        name, _, version = word.partition('=')
        if name in machine['vanished']:
            raise Fails(f"E: Version '{version}' for '{name}' was not found")
        write_package(name, version)


def write_package(name, version):
    with open(f"{name}_{version.replace(':', '%3a')}_amd64.deb", 'w', encoding='utf-8') as file:
        file.write(name)


def apt_get(machine, options, words):
    command, words = words[0], words[1:]
    if command == 'install' and '-s' in options:
        trip(machine, 'simulate')
        print('\n'.join(map(told, make_plan(machine, words))))
    elif command == 'install':
        install(machine, words, '--download-only' in options)
    elif command == 'download':
        download(machine, words)
    else:
        trip(machine, command)


def apt_cache(machine, _options, words):
    trip(machine, f'apt-cache {words[0]}')
    if words[0] == 'pkgnames':
        print('\n'.join(name for name in {**machine['offers'], **machine['has']} if name.startswith(words[1])))
    elif len(words) == 1:
        for component in machine['components']:
            print(f' 500 file:/fake stable/{component} amd64 Packages\n     release o=Fake,a=stable,c={component},b=amd64')
    for name in words[1:] if words[0] == 'policy' else ():
        present = machine['has'].get(name, ('un ', None))[1]
        candidate = machine['offers'].get(name, present)
        if candidate:
            print(f"{name}:\n  Installed: {present or '(none)'}\n  Candidate: {candidate}\n  Version table:")


def apt_mark(machine, _options, words):
    if words[0] == 'showauto':
        print('\n'.join(machine['auto']))


def add_apt_repository(machine, options, _words):
    if '--remove' in options:
        return
    trip(machine, 'ppa')
    machine['offers'].update(machine['ppa'])


# ---- dpkg


def dpkg(machine, options, words):
    if '--print-architecture' in options:
        print('amd64')
        return
    trip(machine, 'dpkg')
    if '--install' in options:
        restore({**machine, 'fails': {}}, words)
    elif '--remove' in options:
        for name in words:
            machine['has'].pop(name, None)


def dpkg_repack(machine, _options, words):
    trip(machine, 'repack')
    write_package(words[0], machine['has'][words[0]][1])


# ---- the rest of the system


def systemctl(machine, _options, words):
    command, service = words
    if command == 'is-active':
        sys.exit(0 if service in machine['services'] else 3)
    trip(machine, f'{command} {service}')


def modprobe(machine, options, words):
    trip(machine, f'modprobe {words[0]}')
    path = os.path.join(ROOT, 'proc/modules')
    with open(path, encoding='utf-8') as file:
        lines = [line for line in file if line.split()[0] != words[0]]
    with open(path, 'w', encoding='utf-8') as file:
        file.writelines(lines if '-r' in options else [*lines, f'{words[0]} 1 0 - Live 0x0\n'])


def wait(_machine, _options, _words):
    """A second passes, in which the programs end that do so when they are asked."""
    for name in os.listdir(os.path.join(ROOT, 'proc')):
        path = os.path.join(ROOT, 'proc', name, 'obeys')
        try:
            with open(path, encoding='utf-8') as fifo:
                fifo.read()
        except (FileNotFoundError, NotADirectoryError):
            pass


TOOLS = {'apt-get': apt_get, 'apt-cache': apt_cache, 'apt-mark': apt_mark, 'add-apt-repository': add_apt_repository,
         'dpkg': dpkg, 'dpkg-repack': dpkg_repack, 'systemctl': systemctl, 'modprobe': modprobe, 'sleep': wait}
# What changes nothing and is asked all the time is not written down.
UNTOLD = {'apt-cache', 'sleep'}


def main():
    name, arguments = os.path.basename(sys.argv[0]), sys.argv[1:]
    options = {word for word in arguments if word.startswith('-')}
    words = [word for word in arguments if not word.startswith('-') and not word.startswith(('Debug::', 'Dpkg::', 'APT::'))]
    if name not in UNTOLD and not {'is-active', '--print-architecture'} & set(arguments):
        with open(os.path.join(FOLDER, 'calls'), 'a', encoding='utf-8') as file:
            file.write(' '.join([name, *arguments]) + '\n')
    machine = load()
    try:
        TOOLS[name](machine, options, words)
    except Fails as why:
        if str(why):
            print(why)
        save(machine)
        sys.exit(100)
    save(machine)


main()
