"""The images, built once for all tests, and containers of them."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import term  # noqa: E402

import container  # noqa: E402
import engine  # noqa: E402


@pytest.fixture(scope='session')
def images(tmp_path_factory):
    """An engine with the base image and nothing else."""
    kept = os.environ.get('NVITOP_IMAGE_STORE')
    with engine.Engine(Path(kept) if kept else tmp_path_factory.mktemp('images'), bool(kept)) as made:
        made.add_base('bookworm-slim')
        yield made


@pytest.fixture(scope='session')
def image(images):
    """The default one, that of nvitop."""
    return images.built('nvitop:latest')


@pytest.fixture(scope='session')
def exporter_image(images):
    return images.built('nvitop-exporter:latest', '--target', 'exporter')


@pytest.fixture
def run():
    """run(image, arguments…, …) as `docker run --rm`: how it ended."""
    def run_one(image, *arguments, **options):
        return term.run(container.command(image, *arguments, **options), timeout=120)
    return run_one
