"""Builds the Debian packages of the station. See ``make deb``.

A package is made for one release of Debian and one architecture, on any Debian machine and without
root: the locked wheels of the target are laid into a private environment, the files of
:mod:`assets.package.layout` beside it, and ``dpkg-deb`` packs the tree.
"""
