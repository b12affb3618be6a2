"""What the store returns is what the pointer names, or an error."""

import hashlib
import re
from pathlib import Path

import pytest

from mlsd_examples.toolkit.pointer_store import PointerStore


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def path_of(folder: Path, data: bytes) -> Path:
    return folder / "deep" / digest(data)[:2] / digest(data)


@pytest.fixture
def store(tmp_path: Path) -> PointerStore:
    return PointerStore(tmp_path / "deep")


def test_a_new_store_is_empty(store: PointerStore) -> None:
    assert (store.size_bytes(), store.verify(), store.gc([])) == (0, (), 0)


def test_two_equal_objects_are_kept_once(
    store: PointerStore, tmp_path: Path
) -> None:
    assert store.add(b"weights") == store.add(b"weights")
    assert store.size_bytes() == 7
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert files == [path_of(tmp_path, b"weights")]


def test_each_pointer_returns_its_object(store: PointerStore) -> None:
    pointers = [store.add(bytes([i]) * (i + 1)) for i in range(9)]
    assert [store.get(p) for p in pointers] == [
        bytes([i]) * (i + 1) for i in range(9)
    ]
    assert store.size_bytes() == 45


def test_a_collected_object_is_refused_and_not_invented(
    store: PointerStore,
) -> None:
    old, new = store.add(b"old"), store.add(b"newer")
    assert store.gc(iter([new])) == 3
    assert store.get(new) == b"newer"
    message = f"^object {digest(b'old')[:12]} is gone$"
    with pytest.raises(LookupError, match=message):
        store.get(old)


def test_a_collection_reports_all_bytes_that_it_frees(
    store: PointerStore,
) -> None:
    for data in (b"one", b"three", b"seventh"):
        store.add(data)
    assert store.gc([]) == 15
    assert store.size_bytes() == 0


def test_a_collection_with_a_bad_pointer_deletes_nothing(
    store: PointerStore,
) -> None:
    store.add(b"old")
    with pytest.raises(ValueError, match=r"^not a pointer: b'main'$"):
        store.gc([b"main"])
    assert store.size_bytes() == 3


@pytest.mark.parametrize("now", [b"", b"weighty", b"more weights"])
def test_damage_is_found_and_refused(
    store: PointerStore, tmp_path: Path, now: bytes
) -> None:
    pointer = store.add(b"weights")
    other = store.add(b"other")
    path_of(tmp_path, b"weights").write_bytes(now)
    assert store.verify() == (digest(b"weights"),)
    message = f"^object {digest(b'weights')[:12]} is damaged$"
    with pytest.raises(ValueError, match=message):
        store.get(pointer)
    assert store.get(other) == b"other"
    assert store.add(b"weights") == pointer
    assert store.verify() == ()


def test_damage_to_a_single_zero_byte_is_found(
    store: PointerStore, tmp_path: Path
) -> None:
    pointer = store.add(b"\0")
    path_of(tmp_path, b"\0").write_bytes(b"")
    with pytest.raises(ValueError, match=r"is damaged$"):
        store.get(pointer)


def test_half_an_object_is_neither_counted_nor_collected(
    store: PointerStore, tmp_path: Path
) -> None:
    store.add(b"weights")
    part = path_of(tmp_path, b"weights").with_suffix(".part")
    part.write_bytes(b"wei")
    assert store.size_bytes() == 7
    assert store.verify() == ()
    assert store.gc([]) == 7
    assert part.exists()


def test_an_empty_object_is_refused(store: PointerStore) -> None:
    with pytest.raises(
        ValueError, match=f"^{re.escape('an empty file has no pointer')}$"
    ):
        store.add(b"")
