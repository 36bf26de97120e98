"""The manual page of the exporter is whole: what the program has is in it."""

import re
import subprocess

from support import paths, term


def test_options_and_paths_are_in_the_manual():
    page = subprocess.run(['mandoc', '-T', 'utf8', paths.built('docs/man/nvitop-exporter.1')], check=True, capture_output=True,
                          text=True, timeout=60).stdout
    page = re.sub('.\b', '', page).replace('\u2010', '-')
    help_page = subprocess.run([paths.built('bin/nvitop-exporter'), '--help'], check=True, capture_output=True, text=True,
                               timeout=60, env=term.clean_env()).stdout
    options = set(re.findall('--[a-z-]+', help_page))
    assert len(options) > 15
    for word in (*options, '/metrics', '/api/v1/snapshot', '/-/healthy', '/-/ready', 'LISTEN_FDS', 'nvitop_gpu_up'):
        assert word in page, word
    for section in ('NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'ENVIRONMENT', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'):
        assert re.search(f'^{section}$', page, re.M), section
