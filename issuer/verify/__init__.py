"""Employers: give it anything, get one verdict with its reasons. Holds no key and no database."""
