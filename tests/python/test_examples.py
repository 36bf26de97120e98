"""The examples in the docstrings give what they say."""

from __future__ import annotations

import doctest

import expressions
import nvitop
import pytest
from nvitop.api import caching, termcolor, utils


@pytest.mark.parametrize('module', [caching, termcolor, utils], ids=lambda module: module.__name__)
def test_examples(module):
    assert doctest.testmod(module, extraglobs=expressions.public_names(nvitop)).failed == 0


def test_there_are_examples():
    assert doctest.testmod(utils).attempted >= 5
