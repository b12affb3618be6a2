"""Names are those that Git and Git LFS give."""

import hashlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlsd_examples.toolkit.content_address import (
    Pointer,
    blob_id,
    lfs_pointer,
    read_pointer,
    tree_id,
)
from mlsd_examples.toolkit.repositories import run_git

names = st.text(
    st.characters(exclude_characters="/\0\n\t", codec="utf-8"), min_size=1
).filter(lambda name: name not in {".", ".."} and name.lower() != ".git")


def exactly(message: str) -> str:
    return f"^{re.escape(message)}$"


@settings(max_examples=15, deadline=None)
@given(st.binary())
def test_it_is_the_name_that_git_gives(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        done = run_git(
            "hash-object", "--stdin", folder=Path(folder), data=data
        )
    assert blob_id(data) == done.stdout.decode().strip()


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.from_regex("[a-zÀ-ö._-]{1,4}", fullmatch=True).filter(
            lambda n: n not in {".", ".."}
        ),
        st.binary(max_size=9),
    )
)
def test_a_folder_has_the_name_that_git_gives(
    files: dict[str, bytes],
) -> None:
    ids = {name: blob_id(data) for name, data in files.items()}
    listing = "".join(
        f"100644 blob {child}\t{name}\0" for name, child in ids.items()
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        run_git("init", "--quiet", "--bare", folder=folder)
        done = run_git(
            *("mktree", "-z", "--missing"),
            folder=folder,
            data=listing.encode(),
        )
    assert tree_id(ids) == done.stdout.decode().strip()


@pytest.mark.parametrize("name", ["", "a/b", "a\0b"])
def test_what_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"{name!r} is not a file name")
    ):
        tree_id({name: blob_id(b"")})


@pytest.mark.parametrize("child", ["ce01362", "g" * 40, "a" * 41, "A" * 40])
def test_what_is_no_object_name_is_refused(child: str) -> None:
    with pytest.raises(
        ValueError, match=exactly(f"{child!r} is not an object name")
    ):
        tree_id({"a": child})


def test_a_pointer_has_the_three_lines_of_the_specification() -> None:
    data = b"weights"
    digest = hashlib.sha256(data).hexdigest()
    assert (
        lfs_pointer(data)
        == (
            f"version https://git-lfs.github.com/spec/v1\n"
            f"oid sha256:{digest}\nsize 7\n"
        ).encode()
    )


@given(st.binary(min_size=1))
def test_a_pointer_reads_back(data: bytes) -> None:
    found = read_pointer(lfs_pointer(data))
    assert found == Pointer(hashlib.sha256(data).hexdigest(), len(data))


def test_an_empty_file_has_no_pointer() -> None:
    with pytest.raises(
        ValueError, match=exactly("an empty file has no pointer")
    ):
        lfs_pointer(b"")


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p + b"\n",
        lambda p: p[:-1],
        lambda p: b" " + p,
        lambda p: p.replace(b"size ", b"size 0"),
        lambda p: p.replace(b"size", b"Size"),
        lambda p: p.replace(b"sha256", b"md5"),
        lambda p: p.replace(b"v1", b"v2"),
        lambda p: p.replace(b"git-lfs.github", b"git-lfs-github"),
        lambda p: p.replace(b"github.com", b"github-com"),
    ],
)
def test_what_is_no_pointer_is_refused(change: object) -> None:
    assert callable(change)
    other = change(lfs_pointer(b"weights"))
    with pytest.raises(
        ValueError, match=exactly(f"not a pointer: {other[:40]!r}")
    ):
        read_pointer(other)


@pytest.mark.parametrize("take", [blob_id, lfs_pointer, read_pointer])
def test_text_is_refused(take: object) -> None:
    assert callable(take)
    with pytest.raises(
        TypeError, match=exactly("data is of type str, not bytes")
    ):
        take("hello")
