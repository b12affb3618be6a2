"""Names, tags and bytes of wheels."""

import base64
import csv
import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.tags import sys_tags
from packaging.utils import parse_wheel_filename

from mlsd_examples.toolkit.wheels import (
    fits,
    glibc_needed,
    make_wheel,
    parse_wheel_name,
    sha256_of,
)

NAMES = [
    "numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    "six-1.17.0-py2.py3-none-any.whl",
    "a_b-1.0-1-cp39.cp310-abi3.none-win_amd64.whl",
    "a_b-1.0-12build-py3-none-any.whl",
    "torch-2.9.0+cu126-cp313-cp313t-linux_x86_64.whl",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_agree_with_packaging(name: str) -> None:
    ours = parse_wheel_name(name)
    project, version, build, tags = parse_wheel_filename(name)
    assert ours.name.replace("_", "-").lower() == project
    assert ours.version == str(version)
    assert ours.build == "".join(map(str, build))
    assert ours.tags == tuple(sorted(map(str, tags)))


@pytest.mark.parametrize(
    "name",
    [
        "a-1.0.tar.gz",
        "a-1.0-py3-none-any.zip",
        "a-py3-none-any.whl",
        "a-1.0-1-1-py3-none-any.whl",
        "a b-1.0-py3-none-any.whl",
        "a-1.0-py3--any.whl",
        "",
    ],
)
def test_what_is_no_wheel_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a wheel"):
        parse_wheel_name(name)


def test_a_build_without_a_number_is_refused() -> None:
    name = "a-1.0-rc-py3-none-any.whl"
    with pytest.raises(ValueError, match=f"'{name}': build 'rc' has no"):
        parse_wheel_name(name)


@given(st.sampled_from(NAMES), st.sets(st.integers(0, 60)))
def test_fitting_is_sharing_a_tag(name: str, picks: set[int]) -> None:
    everything = sorted(map(str, sys_tags()))
    machine = [everything[n % len(everything)] for n in picks] + ["x-y-z"]
    tags = {str(tag) for tag in parse_wheel_filename(name)[3]}
    assert fits(name, machine) == bool(tags & set(machine))


def test_one_triple_may_be_given_as_text() -> None:
    assert fits("a-1-py3-none-any.whl", "py3-none-any")
    assert not fits("a-1-py3-none-any.whl", "py2-none-any")


def test_a_machine_without_tags_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^no supported tags$"):
        fits("a-1-py3-none-any.whl", [])


@pytest.mark.parametrize(
    ("tag", "glibc"),
    [
        ("manylinux1_x86_64", (2, 5)),
        ("manylinux2010_i686", (2, 12)),
        ("manylinux2014_aarch64", (2, 17)),
        ("manylinux_2_34_x86_64", (2, 34)),
        ("manylinux_3_0_x86_64", (3, 0)),
    ],
)
def test_glibc_is_read_as_pep_600_defines(
    tag: str, glibc: tuple[int, int]
) -> None:
    assert glibc_needed(tag) == glibc


@pytest.mark.parametrize(
    "tag", ["any", "manylinux2014", "musllinux_1_2_x86_64", "linux_x86_64"]
)
def test_other_platforms_name_no_glibc(tag: str) -> None:
    with pytest.raises(ValueError, match=f"'{tag}' names no glibc"):
        glibc_needed(tag)


@given(st.binary())
def test_the_hash_is_sha256(content: bytes) -> None:
    assert sha256_of(content) == hashlib.sha256(content).hexdigest()


def test_a_wheel_holds_what_the_format_asks_for() -> None:
    modules = {"a.py": "X = 'é'\n", "p/b.py": ""}
    name, content = make_wheel("a", "1.0", modules, requires=["b>=1", "c"])
    assert name == "a-1.0-py3-none-any.whl"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        files = {n: archive.read(n).decode() for n in archive.namelist()}
        stamps = {info.date_time for info in archive.infolist()}
    assert stamps == {(1980, 1, 1, 0, 0, 0)}
    assert files["a.py"] == "X = 'é'\n"
    assert files["a-1.0.dist-info/METADATA"] == (
        "Metadata-Version: 2.1\nName: a\nVersion: 1.0\n"
        "Requires-Dist: b>=1\nRequires-Dist: c\n"
    )
    assert files["a-1.0.dist-info/WHEEL"] == (
        "Wheel-Version: 1.0\nGenerator: mlsd_examples\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = list(csv.reader(files["a-1.0.dist-info/RECORD"].splitlines()))
    assert {row[0] for row in record} == set(files)
    for path, digest, size in record:
        if path.endswith("RECORD"):
            assert (digest, size) == ("", "")
            continue
        data = files[path].encode()
        raw = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
        assert digest == "sha256=" + raw.decode().rstrip("=")
        assert int(size) == len(data)


def test_the_tag_stands_in_the_name_and_in_the_file() -> None:
    name, content = make_wheel("a", "1", {}, tag="cp311-abi3-linux_x86_64")
    assert name == "a-1-cp311-abi3-linux_x86_64.whl"
    assert b"\nTag: cp311-abi3-linux_x86_64\n" in content


def test_two_builds_have_the_same_bytes_and_other_text_other_bytes() -> None:
    one = make_wheel("a", "1", {"a.py": "X = 1"})
    assert one == make_wheel("a", "1", {"a.py": "X = 1"})
    assert one[1] != make_wheel("a", "1", {"a.py": "X = 2"})[1]
