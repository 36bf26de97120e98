"""A headless Chromium that a test looks through: what a page shows, and whom it asks for it."""

from __future__ import annotations

import contextlib
import json
from typing import Callable, Iterator

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from support import term

FLAGS = ('--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking')
PATIENCE = 40

# Every cell as it is read, by row and column; what is drawn for the eye alone has no text.
CELLS = '''
return [...document.getElementById(arguments[0]).tBodies[0].rows].map((row) =>
    Object.fromEntries([...row.cells].map((cell) => [cell.dataset.name, cell.textContent])));
'''


class Browser:
    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def resize(self, width: int, height: int) -> None:
        """As the device's own screen: a window is never as narrow as a phone."""
        self.command('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=width < 600)

    def prefer(self, scheme: str) -> None:
        self.command('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}])

    def command(self, name: str, **arguments) -> dict:
        """One of the browser's debugging protocol."""
        return self.driver.execute_cdp_cmd(name, arguments)

    def open(self, place: str) -> None:
        self.driver.get(f'http://{place}/')

    def run(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, is_so: Callable[[], object], otherwise: str):
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(lambda _: is_so(), otherwise)

    def text(self, name: str) -> str:
        return self.driver.find_element(By.ID, name).text

    def wait_state(self, beginning: str) -> None:
        self.wait(lambda: self.text('state').startswith(beginning), f'never: {beginning}')

    def rows(self, table: str) -> list[dict[str, str]]:
        return self.run(CELLS, table)

    def complaints(self) -> list[str]:
        """What the console has said since it was last asked."""
        return [entry['message'] for entry in self.driver.get_log('browser')]

    def asked(self) -> list[str]:
        """Addresses that were asked for since this was last called."""
        events = [json.loads(entry['message'])['message'] for entry in self.driver.get_log('performance')]
        return [event['params']['request']['url'] for event in events if event['method'] == 'Network.requestWillBeSent']

    def accessible(self) -> list[tuple[str, str]]:
        """Role and name of everything that a screen reader is told of."""
        nodes = self.command('Accessibility.getFullAXTree')['nodes']
        return [(node['role']['value'], node.get('name', {}).get('value', '')) for node in nodes if not node['ignored']]


@contextlib.contextmanager
def opened() -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = '/usr/bin/chromium'
    options.set_capability('goog:loggingPrefs', {'browser': 'ALL', 'performance': 'ALL'})
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service('/usr/bin/chromedriver', env=term.clean_env()))
    try:
        yield Browser(driver)
    finally:
        driver.quit()
