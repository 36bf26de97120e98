"""Tests of the packages for systems."""
