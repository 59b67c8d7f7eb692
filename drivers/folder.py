"""A folder held open as a handle, for every place where the station writes, moves or takes files.

A path is looked up anew at each use, and whoever may write in a folder on the way can put a link
there in between. Here the folder is opened once and everything is done *in it*, by plain names: no
link is followed, nothing is written through a name that was there before, no pipe or device is
waited for. A folder that holds the station's own store takes and gives nothing.

Everything raises ``OSError``; :class:`UntrustedError` is one of them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

OURS: Final = frozenset({"store.db", "store.lock", "store.mark"})
"""Names in the station's data folder. No folder that others use is that one."""

OPENED: Final = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
ANYBODY: Final = stat.S_IWGRP | stat.S_IWOTH
LARGEST_BYTES: Final = 64 * 1024 * 1024
"""Far more than any file that is read whole."""


class UntrustedError(OSError):
    """What lies there is a link, of another kind, or somebody else's. ``args[0]`` is its name."""


class Folder:
    """One folder. A context manager; what is done after :meth:`close` raises ``OSError``."""

    def __init__(self, handle: int) -> None:
        """Take over the handle of a folder; :meth:`at` and :meth:`inside` are how to get one."""
        self._handle = handle

    @classmethod
    def at(cls, path: Path, *, shared: bool = False) -> Self:
        """Open a folder that the configuration names; it may be reached through links.

        ``shared``: others write in it too, so it must not be where the store is, wherever its name
        leads today.
        """
        folder = cls(os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        if shared and any(folder.has(name) for name in OURS):
            folder.close()
            raise UntrustedError(path.name)
        return folder

    @classmethod
    def made(cls, path: Path, mode: int = 0o700) -> Self:
        """As :meth:`at`, made with its parents if it is not there; those that were there stay."""
        path.mkdir(mode=mode, parents=True, exist_ok=True)
        return cls.at(path)

    def inside(self, name: str, mode: int = 0o700) -> Self:
        """Open a folder of the station's own in this one, made if it is not there.

        Raises :class:`UntrustedError` for a link, a file, and a folder of another user. One that
        others may write in is closed to them; a share that keeps no modes stays as it is, where
        nothing here depends on them.
        """
        _check(name)
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, mode, dir_fd=self._handle)
        flags = os.O_RDONLY | os.O_DIRECTORY | OPENED
        try:
            handle = os.open(name, flags, dir_fd=self._handle)
        except NotADirectoryError:
            # Also for a link: it is not followed to see what it leads to.
            raise UntrustedError(name) from None
        status = os.fstat(handle)
        if status.st_uid != os.geteuid():
            os.close(handle)
            raise UntrustedError(name)
        if status.st_mode & ANYBODY:
            with contextlib.suppress(OSError):
                os.fchmod(handle, stat.S_IMODE(status.st_mode) & ~ANYBODY)
        return type(self)(handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of it; a second time does nothing."""
        handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)

    def names(self) -> list[str]:
        """What lies in it, of whatever kind, in order."""
        return sorted(os.listdir(self._handle))  # noqa: PTH208 - a handle is no path

    def status(self, name: str) -> os.stat_result:
        """What lies under a name; a link is itself, not what it leads to."""
        _check(name)
        return os.stat(name, dir_fd=self._handle, follow_symlinks=False)

    def has(self, name: str) -> bool:
        """Whether anything lies under a name, also a link that leads nowhere."""
        try:
            self.status(name)
        except FileNotFoundError:
            return False
        return True

    def file(self, name: str) -> int:
        """Open a plain file to read; the handle is the caller's to close."""
        _check(name)
        return _plain(os.open(name, os.O_RDONLY | OPENED, dir_fd=self._handle), name)

    def read(self, name: str, most: int = LARGEST_BYTES) -> bytes:
        """Read a plain file whole; one of more than ``most`` bytes raises ``OSError``."""
        return _whole(self.file(name), name, most)

    def fresh(self, name: str, mode: int | None = 0o600) -> int:
        """Make a file that was not there and open it; the handle is the caller's to close.

        Raises ``FileExistsError`` for anything under that name. The mode is exact; ``None`` is the
        process' own, for a file that another program fetches.
        """
        _check(name)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | OPENED
        handle = os.open(name, flags, 0o666 if mode is None else mode, dir_fd=self._handle)
        if mode is not None:
            # A share that keeps no modes gives the file its own; no reason not to write it.
            with contextlib.suppress(OSError):
                os.fchmod(handle, mode)
        return handle

    def write_new(self, name: str, content: bytes, mode: int | None = 0o600) -> None:
        """Write a file that was not there, durably; after an error it is not there either."""
        self._write(name, content, mode)
        self.sync()

    def _write(self, name: str, content: bytes, mode: int | None) -> None:
        handle = self.fresh(name, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.remove(name)
            raise

    def replace(
        self, name: str, content: bytes, mode: int = 0o600, owner: tuple[int, int] | None = None
    ) -> None:
        """Put a whole file in the place of what lies under a name, durably.

        A link there is replaced, and what it led to is not touched. ``owner`` is the user and group
        that it belongs to from the start, where root writes for somebody else.
        """
        _check(name)
        with self._part(content, mode) as part:
            if owner is not None:
                os.chown(part, *owner, dir_fd=self._handle, follow_symlinks=False)
            os.rename(part, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        self.sync()

    def appear(self, name: str, content: bytes, mode: int = 0o600) -> None:
        """Write a file that is there whole or not at all, and never replaces one.

        Raises ``FileExistsError``. Not for a disk without hard links.
        """
        _check(name)
        with self._part(content, mode) as part:
            os.link(part, name, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        self.sync()

    def move(self, name: str, to: Folder, target: str, *, replacing: bool = False) -> None:
        """Give a file another name, here or in another folder; raises ``FileExistsError``.

        ``replacing``: what lies under that name gives way; a link there, not what it leads to.

        Not by a hard link, which no memory stick and few shares have: between the look and the
        move somebody could put a file there, which would be lost; a link would be replaced itself.
        """
        _check(name)
        _check(target)
        if not replacing and to.has(target):
            raise FileExistsError(target)
        os.rename(name, target, src_dir_fd=self._handle, dst_dir_fd=to._handle)

    def remove(self, name: str) -> None:
        """Remove a file or a link, if it is there."""
        _check(name)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._handle)

    def sync(self) -> None:
        """Make the names in it durable."""
        os.fsync(self._handle)

    def is_at(self, path: Path) -> bool:
        """Whether a path still leads here: another disk may have been mounted there since."""
        return os.path.samestat(os.fstat(self._handle), path.stat())

    def is_writable(self) -> bool:
        """Whether files may be made in it."""
        return os.access(".", os.W_OK | os.X_OK, dir_fd=self._handle)

    @contextlib.contextmanager
    def _part(self, content: bytes, mode: int) -> Iterator[str]:
        part = f".{secrets.token_hex(8)}.part"
        self._write(part, content, mode)
        try:
            yield part
        finally:
            self.remove(part)


def read_file(path: Path, most: int = LARGEST_BYTES, *, follow: bool = False) -> bytes:
    """Read a plain file whole. No pipe or device is opened to wait for what it says.

    ``follow``: the path was named by whoever set the station up, and may be a link.
    """
    flags = os.O_RDONLY | (OPENED & ~os.O_NOFOLLOW if follow else OPENED)
    return _whole(_plain(os.open(path, flags), path.name), path.name, most)


def replace_file(
    path: Path, content: bytes, mode: int = 0o600, owner: tuple[int, int] | None = None
) -> None:
    """As :meth:`Folder.replace`, for one file in a folder that is there."""
    with Folder.at(path.parent) as folder:
        folder.replace(path.name, content, mode, owner)


def overwrite(path: Path, mode: int = 0o600) -> int:
    """Open a file to write anew, made if it is not there; the handle is the caller's to close.

    Only a plain file under one name is emptied: no link, and none that is also somebody else's.
    """
    flags = os.O_WRONLY | os.O_CREAT | OPENED
    handle = _plain(os.open(path, flags, mode), path.name)
    if os.fstat(handle).st_nlink > 1:
        os.close(handle)
        raise UntrustedError(path.name)
    os.ftruncate(handle, 0)
    return handle


def in_place(path: Path, mode: int = 0o600) -> int:
    """Open a file whose parts are written anew where they stand, made if it is not there.

    The handle is the caller's to close. Only a plain file under one name: no link, and none that is
    also somebody else's.
    """
    handle = _plain(os.open(path, os.O_RDWR | os.O_CREAT | OPENED, mode), path.name)
    if os.fstat(handle).st_nlink > 1:
        os.close(handle)
        raise UntrustedError(path.name)
    return handle


def _check(name: str) -> None:
    if not name or name in {".", ".."} or "/" in name or "\0" in name:
        raise UntrustedError(name)


def _plain(handle: int, name: str) -> int:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UntrustedError(name)
    return handle


def _whole(handle: int, name: str, most: int) -> bytes:
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_size > most:
            raise UntrustedError(name)
        content = file.read(most + 1)
    if len(content) > most:
        raise UntrustedError(name)
    return content
