"""The releases of Debian that a package is made for, and what their packages are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """One release. ``glibc`` bounds the wheels; ``suffix`` ends renamed library packages."""

    number: str
    name: str
    python: str
    glibc: str
    libraries: tuple[str, ...]


RELEASES = {
    "12": Release(
        "12",
        "bookworm",
        "3.11",
        "2_36",
        (
            "libmtdev1",
            "libtss2-esys-3.0.2-0",
            "libtss2-mu0",
            "libtss2-rc0",
            "libtss2-tcti-device0",
        ),
    ),
    "13": Release(
        "13",
        "trixie",
        "3.13",
        "2_40",
        (
            "libmtdev1t64",
            "libtss2-esys-3.0.2-0t64",
            "libtss2-mu-4.0.1-0t64",
            "libtss2-rc0t64",
            "libtss2-tcti-device0t64",
        ),
    ),
}

ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Debian's name and the wheels' name."""

DEPENDS = (
    # the X server and what it needs for a touch panel
    "xserver-xorg-core",
    "xserver-xorg-input-libinput",
    "xkb-data",
    # what the wheels load and do not bring
    "libc6 (>= 2.36)",
    "libgl1",
    "libegl1",
    "libgl1-mesa-dri",
    "libx11-6",
    "libxcursor1",
    "libxext6",
    "libxfixes3",
    "libxi6",
    "libxrandr2",
    "libxrender1",
    "libxss1",
    "libfribidi0",
    "libusb-1.0-0",
    "libudev1",
    "libstdc++6",
    "libgcc-s1",
    "zlib1g",
    # the service
    "systemd (>= 252)",
    "udev",
    "kmod",
    "procps",
    "tzdata",
)
"""Of both releases. A test machine installs them without recommended packages, and no others."""

CONFLICTS = ("brltty", "ipp-usb")
"""They take serial adapters and printers away from the station."""


def depends_of(release: Release) -> str:
    """The field ``Depends``: exactly this Python, because the wheels are made for it."""
    major, minor = release.python.split(".")
    python = (f"python3 (>= {release.python}~)", f"python3 (<< {major}.{int(minor) + 1}~)")
    return ", ".join((*python, *DEPENDS, *release.libraries))
