"""A store of large files, addressed by content, with pointers to commit.

The pointer goes into Git and the bytes go here.  What ties a commit to its
data is the digest in the pointer, and that the store still has the object.

In production, use Git LFS, DVC, lakeFS or a model registry.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from mlsd_examples.toolkit.content_address import lfs_pointer, read_pointer

__all__ = ["PointerStore"]


class PointerStore:
    """Objects in a folder, each under the SHA-256 of its bytes.

    Parameters
    ----------
    folder : Path
        Where the objects lie; made when the first one is added.

    Examples
    --------
    What is added twice is kept once:

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = PointerStore(Path(folder))
    ...     pointer = store.add(b"weights")
    ...     same = store.add(b"weights") == pointer
    ...     same, store.get(pointer), store.size_bytes()
    (True, b'weights', 7)
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, data: bytes) -> bytes:
        """Keep an object and return the pointer to commit.

        Parameters
        ----------
        data : bytes
            The content, not empty.

        Returns
        -------
        bytes
            A pointer of three lines.

        Raises
        ------
        TypeError, ValueError
            If `data` is not bytes, or is empty.
        """
        pointer = lfs_pointer(data)
        path = self._path(read_pointer(pointer).digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Renamed into place: a reader never sees half an object.
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.replace(path)
        return pointer

    def get(self, pointer: bytes) -> bytes:
        """Return the object that a pointer names, or refuse another.

        Parameters
        ----------
        pointer : bytes
            As returned by :meth:`add`.

        Returns
        -------
        bytes
            The content, byte for byte.

        Raises
        ------
        LookupError
            If the store no longer has the object.
        ValueError
            If this is no pointer, or the bytes are not those it names.
        """
        wanted = read_pointer(pointer)
        path = self._path(wanted.digest)
        if not path.exists():
            raise LookupError(f"object {wanted.digest[:12]} is gone")
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != wanted.digest:
            raise ValueError(f"object {wanted.digest[:12]} is damaged")
        return data

    def verify(self) -> tuple[str, ...]:
        """Name the objects whose bytes no longer match their name.

        Returns
        -------
        tuple of str
            Their digests, in order; empty if all is well.
        """
        return tuple(
            path.name
            for path in self._objects()
            if hashlib.sha256(path.read_bytes()).hexdigest() != path.name
        )

    def gc(self, pointers: Iterable[bytes]) -> int:
        """Delete what no pointer names.

        Parameters
        ----------
        pointers : iterable of bytes
            All that must stay readable: of every branch and tag, not of
            the checked-out one.

        Returns
        -------
        int
            Bytes freed.

        Raises
        ------
        ValueError
            If one is no pointer; nothing is deleted then.
        """
        kept = {read_pointer(pointer).digest for pointer in pointers}
        freed = 0
        for path in self._objects():
            if path.name not in kept:
                freed += path.stat().st_size
                path.unlink()
        return freed

    def size_bytes(self) -> int:
        """Return the bytes of all objects together."""
        return sum(path.stat().st_size for path in self._objects())

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _objects(self) -> list[Path]:
        return sorted(p for p in self._folder.glob("??/*") if not p.suffix)
