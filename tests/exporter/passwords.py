"""Passwords as a request and a web-config file have them."""

import base64
import os
import signal
import subprocess


def basic(text):
    return 'Basic ' + base64.b64encode(text.encode()).decode()


def bcrypt_of(password):
    """By the C library, at the least cost."""
    done = subprocess.run(['htpasswd', '-nbBC', '4', 'x', password], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip().partition(':')[2]


def reload(found):
    """SIGHUP → the line that tells what came of it."""
    os.kill(found.process.pid, signal.SIGHUP)
    return found.process.stderr.readline()
