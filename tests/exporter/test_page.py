"""The live page in a browser: what it shows is what /api/v1/snapshot says, on any screen, to anybody."""

from __future__ import annotations

import contextlib
import json
import urllib.parse

import pytest
from selenium.webdriver.common.keys import Keys

import browser as chromium
from support import paths, sim

SCREENS = {'desktop': (1280, 900), 'tablet': (800, 1100), 'phone': (390, 844), 'small': (320, 568)}
# frozen needs a freezer of its own; with the others there is no driver to speak of.
WHOLE = [name for name in paths.shipped_scenarios() if name not in ('frozen', 'mismatch', 'nodriver', 'noperm')]


@pytest.fixture(scope='module')
def shared():
    with chromium.opened() as found:
        yield found


@pytest.fixture
def page(shared):
    """The browser as a desktop has it, with nothing left of what was there before."""
    shared.driver.get('about:blank')
    shared.resize(*SCREENS['desktop'])
    shared.prefer('light')
    shared.asked()
    shared.complaints()
    return shared


def snapshot_of(exporter) -> dict:
    return json.loads(exporter.get('/api/v1/snapshot')[1])


def label(device: dict) -> str:
    mig = device.get('mig_index')
    return str(device['index']) if mig is None else f'{device["index"]}:{mig}'


# ---- what is shown

@pytest.mark.parametrize('scenario', WHOLE)
def test_scenario_is_shown(page, exporter, scenario):
    with exporter(scenario) as found:
        page.open(found.place)
        page.wait_state('live')
        said = snapshot_of(found)
        assert [(row['GPU'], row['Name'], row['State']) for row in page.rows('devices')] == [
            (label(device), device.get('name') or 'N/A', device['condition'].replace('_', ' ')) for device in said['devices']]
        if not any('gone' in process['presence'] for process in said['processes']):
            assert sorted(row['PID'] for row in page.rows('processes')) == sorted(
                str(process['pid']) for process in said['processes'])
        assert page.text('versions') == f'Driver {said["driver"]["version"]}, CUDA {said["driver"]["cuda_version"]}'
    assert [line for line in page.complaints() if 'ERR_CONNECTION' not in line] == []


FIXED = '''
[system]
clock = 5
[device 0]
name = First
gpu_util = 37
mem_total = 24GiB
mem_used = 6GiB
temperature = 61
power = 120W
fan = 45
[device 1]
name = Second
gpu_util = NOT_SUPPORTED
fan = NOT_SUPPORTED
[process train]
command = python3 train.py
device = 0
mem = 1536MiB
sm = 30
'''


def test_values_and_units(page, exporter, tmp_path):
    scenario = tmp_path / 'fixed.ini'
    scenario.write_text(FIXED)
    with exporter(str(scenario)) as found:
        page.open(found.place)
        page.wait_state('live')
        first, second = page.rows('devices')
        del first['Last minute']
        assert first == {'GPU': '0', 'Name': 'First', 'State': 'ok', 'Utilization': '37%',
                         'Memory': '6.0 GiB of 24.0 GiB', 'Temperature': '61 °C', 'Power': '120 W', 'Fan': '45%'}
        assert (second['Utilization'], second['Last minute'], second['Fan']) == ('N/A', 'N/A', 'N/A')
        assert page.run("return document.querySelector('td[data-name=Fan].missing').title") == 'not available: not supported'
        process, = page.rows('processes')
        assert (process['GPU memory'], process['SM'], process['Process']) == ('1.5 GiB', '30%', 'python3')
        width = "return document.querySelector('td[data-name=Memory] .bar > span').style.width"
        assert page.run(width) == '25%'


def test_driver_that_cannot_be_asked_is_told(page, start):
    with sim.scenario('nodriver') as running:
        found = start('--port', '0', env=running.env)
        page.open(found.place)
        page.wait_state('driver: failed')
        assert page.text('versions') == 'Driver Not Loaded'
        assert (page.text('no-devices'), page.text('no-processes')) == ('No devices', 'No processes')


def test_hostile_names_are_text(page, exporter):
    with exporter('hostile', '--command-lines') as found:
        page.open(found.place)
        page.wait_state('live')
        commands = {str(process['pid']): process['command'] for process in snapshot_of(found)['processes']}
        assert {row['PID']: row['Process'] for row in page.rows('processes')} == commands
        assert page.run('return document.scripts.length') == 1


def test_long_command_lines_leave_room(page, exporter):
    height = "return Math.max(...[...document.querySelectorAll('#processes tbody tr')].map((row) => row.clientHeight))"
    with exporter('hostile', '--command-lines') as found:
        page.open(found.place)
        page.wait_state('live')
        assert page.run(height) < 100
        page.run("document.getElementById('whole').focus()")
        page.driver.switch_to.active_element.send_keys(Keys.SPACE)
        assert page.driver.switch_to.active_element.get_attribute('aria-pressed') == 'true'
        assert page.run(height) > 1000
    with exporter('two') as found:
        page.open(found.place)
        page.wait_state('live')
        assert page.run("return document.getElementById('whole').hidden")


def test_words_stay_whole(page, exporter):
    """What a user or a state is called is on one line."""
    with exporter('mixed4', '--command-lines') as found:
        page.open(found.place)
        page.wait_state('live')
        assert page.run("""return [...document.querySelectorAll('td[data-name=User], td[data-name=State]')].filter((cell) => {
            const range = document.createRange();
            range.selectNodeContents(cell);
            return range.getClientRects().length > 1;
        }).map((cell) => cell.textContent)""") == []


# ---- over time

# Points of each line of the first history, as [x, y]; how many there are.
LINES = '''
const lines = document.querySelectorAll('#devices tbody tr:first-child polyline');
return [...lines].map((line) => line.getAttribute('points').split(' ').map((point) => point.split(',')));
'''
POINTS = 'return [...histories.values()].flat().length'


@pytest.fixture
def timed(page, start, tmp_path):
    """timed(scenario) opens the page on it, at second 1, and gives what sets its clock."""
    clock = tmp_path / 'clock'

    def set_clock(seconds):
        fresh = tmp_path / 'clock.new'  # renamed, so that nobody reads half of it
        fresh.write_text(str(seconds))
        fresh.rename(clock)

    with contextlib.ExitStack() as stack:
        def run(text):
            scenario = tmp_path / 'timed.ini'
            scenario.write_text(text)
            set_clock(1)
            env = {'NVITOP_SIM_CLOCK': str(clock)}
            running = stack.enter_context(sim.scenario(scenario, env))
            page.open(start('--port', '0', '--interval', '0.25', env={**running.env, **env}).place)
            return set_clock
        yield run


def test_it_is_live(page, timed):
    """The scenario's clock goes on when the test says so, and the page follows without being loaded again."""
    set_clock = timed('[device 0]\ngpu_util = steps 11@0 22@10\n[process new]\ncommand = new\ndevice = 0\nmem = 1GiB\nfrom = 10\n')
    page.wait(lambda: [row['Utilization'] for row in page.rows('devices')] == ['11%'], 'never 11%')
    assert page.rows('processes') == []
    page.run('document.body.dataset.kept = "yes"')
    set_clock(20)
    page.wait(lambda: page.rows('devices')[0]['Utilization'] == '22%', 'never 22%')
    page.wait(lambda: [row['Process'] for row in page.rows('processes')] == ['new'], 'never the process')
    assert page.run('return document.body.dataset.kept') == 'yes'
    assert {'89', '78'} <= {point[1] for line in page.run(LINES) for point in line}


def test_history_is_that_of_readings(page, timed):
    """However often the page asks, a reading is one point; where there was none, the line is broken."""
    set_clock = timed('[device 0]\ngpu_util = 30\nlost_at = 10\nback_at = 20\n')
    page.wait(lambda: page.run(POINTS) >= 2, 'never two points')
    times = [float(point[0]) for point in page.run(LINES)[0]]
    assert times == sorted(set(times))
    assert len(page.run(LINES)) == 1
    set_clock(15)
    page.wait(lambda: page.rows('devices')[0]['Utilization'] == 'N/A', 'never not available')
    page.run('window.left = performance.now()')
    page.wait(lambda: page.run('return performance.now() - window.left') > 1000 * page.run('return (GAP + 1) * pace'), 'no time')
    set_clock(25)
    page.wait(lambda: page.rows('devices')[0]['Utilization'] == '30%', 'never again')
    page.wait(lambda: len(page.run(LINES)) == 2, 'never a gap')


def test_driver_goes_away_and_comes_back(page, timed):
    set_clock = timed('[device 0-1]\nname = Card\n[device 1]\nlost_at = 10\nback_at = 30\n')

    def states():
        return [row['State'] for row in page.rows('devices')]
    page.wait(lambda: states() == ['ok', 'ok'], 'never both')
    set_clock(20)
    page.wait(lambda: states() == ['ok', 'lost'], 'never lost')
    assert page.run("return [...document.querySelectorAll('tr.is-down th')].map((cell) => cell.textContent)") == ['1']
    set_clock(40)
    page.wait(lambda: states() == ['ok', 'ok'], 'never back')


def test_exporter_goes_away_and_comes_back(page, start):
    with sim.scenario('two') as running:
        found = start('--port', '0', env=running.env)
        page.open(found.place)
        page.wait_state('live')
        before = page.rows('devices')
        found.process.terminate()
        assert found.process.wait(chromium.PATIENCE) == 0
        page.wait_state('no answer')
        assert [row['Name'] for row in page.rows('devices')] == [row['Name'] for row in before]
        assert page.run("return document.body.classList.contains('is-old')")
        start('--port', str(found.port), env=running.env)
        page.wait_state('live')
        assert not page.run("return document.body.classList.contains('is-old')")


# ---- to whom

def test_nobody_else_is_asked(page, exporter):
    with exporter('two') as found:
        page.open(found.place)
        page.wait_state('live')
        asked = page.asked()
    hosts = {urllib.parse.urlsplit(address).netloc for address in asked if not address.startswith('data:')}
    assert hosts == {found.place}
    assert f'http://{found.place}/api/v1/snapshot' in asked


@pytest.mark.parametrize('screen', SCREENS)
@pytest.mark.parametrize('scenario', ['mig', 'hostile', 'procs256'])
def test_nothing_is_cut_off(page, exporter, scenario, screen):
    """On no screen does the page go beyond it to the side, nor one cell into another."""
    with exporter(scenario, '--command-lines') as found:
        page.resize(*SCREENS[screen])
        page.open(found.place)
        page.wait_state('live')
        assert page.run('return document.scrollingElement.scrollWidth') <= SCREENS[screen][0]
        assert page.run('return [...document.querySelectorAll("tbody td, tbody th")].filter((cell) => '
                        'cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.textContent)') == []


@pytest.mark.parametrize('screen', ['desktop', 'phone'])
def test_screen_reader_is_told_of_tables(page, exporter, screen):
    with exporter('two') as found:
        page.resize(*SCREENS[screen])
        page.open(found.place)
        page.wait_state('live')
        told = page.accessible()
    assert [name for role, name in told if role == 'table'] == ['Devices', 'Processes']
    assert {name for role, name in told if role == 'columnheader'} >= {'GPU', 'Utilization', 'PID', 'User'}
    assert [name for role, name in told if role == 'rowheader'][:2] == ['0', '1'] or screen == 'phone'
    assert {'status', 'button', 'heading', 'link'} <= {role for role, _ in told}
    assert all(name.startswith('utilization, the last') for role, name in told if role == 'image')
    assert len([1 for role, _ in told if role == 'image']) == 2


def test_keyboard_is_enough(page, exporter):
    with exporter('two') as found:
        page.open(found.place)
        page.wait_state('live')
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        assert page.driver.switch_to.active_element.get_attribute('id') == 'pause'
        page.driver.switch_to.active_element.send_keys(Keys.SPACE)
        assert (page.text('state'), page.driver.switch_to.active_element.get_attribute('aria-pressed')) == ('paused', 'true')
        page.driver.switch_to.active_element.send_keys(Keys.SPACE)
        page.wait_state('live')
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        assert page.driver.switch_to.active_element.text == 'Metrics for Prometheus'


CONTRASTS = '''
const numbers = (color) => color.match(/[0-9.]+/g).slice(0, 3).map((part) => {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});
const bright = (color) => { const [r, g, b] = numbers(color); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const paper = bright(getComputedStyle(document.body).backgroundColor);
return [...document.querySelectorAll('h1, h2, p, a, td, td b, th, #state, button')].map((node) => {
  const ink = bright(getComputedStyle(node).color);
  return [(Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05), node.textContent];
});
'''


@pytest.mark.parametrize('scheme, is_dark', [('light', False), ('dark', True)])
def test_text_can_be_read(page, exporter, scheme, is_dark):
    """4.5 to 1 is what the guidelines for accessible pages ask of text (WCAG 2.1, 1.4.3)."""
    with exporter('lost') as found:
        page.prefer(scheme)
        page.open(found.place)
        page.wait_state('live')
        paper = page.run('return getComputedStyle(document.body).backgroundColor')
        assert (sum(map(int, paper[4:-1].split(','))) < 3 * 128) == is_dark
        contrasts = page.run(CONTRASTS)
    assert len(contrasts) > 20
    assert [pair for pair in contrasts if pair[0] < 4.5] == []
