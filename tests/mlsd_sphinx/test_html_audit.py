"""Small sites, each with one fault at a known line, and sound ones."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from mlsd_sphinx.html_audit import audit, main

ALT = 'alt="The loss falls and then stalls"'
# Built from parts, so that this file does not hold them.
SECRET = "s3cret" + "-token"
MACHINE = "/srv/" + "builder"

Site = dict[str, str]


def make_site(folder: Path, files: Site) -> Path:
    for name, text in {"index.html": "<p>Text.</p>\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def faults(folder: Path, files: Site) -> list[tuple[str, int, str]]:
    site = make_site(folder, files)
    found = audit(site, secrets=[SECRET], forbidden_paths=[MACHINE])
    return [
        (f.path.relative_to(site).as_posix(), f.line, f.rule) for f in found
    ]


def page(body: str) -> Site:
    return {
        "index.html": f"<!DOCTYPE html>\n{body}\n",
        "a.png": "",
        "b.js": "",
    }


def output(inner: str, classes: str = "cell") -> str:
    return (
        f'<div class="{classes} docutils container">\n'
        f'<div class="cell_output docutils container">\n{inner}\n</div></div>'
    )


BROKEN: dict[str, tuple[Site, list[tuple[str, int, str]]]] = {
    # missing-file
    "an image that is gone": (
        page(f'<p>\n<img {ALT} src="gone.png">\n</p>'),
        [("index.html", 3, "missing-file")],
    ),
    "an image without quotes that is gone": (
        page(f"<img {ALT} src=gone.png>"),
        [("index.html", 2, "missing-file")],
    ),
    "one of several widths is gone": (
        page(f'<img {ALT} src="a.png" srcset="a.png 1x, gone.png 2x">'),
        [("index.html", 2, "missing-file")],
    ),
    "a script that is gone": (
        page('<script src="gone.js?v=1"></script>'),
        [("index.html", 2, "missing-file")],
    ),
    "a style sheet that is gone": (
        page('<link rel="stylesheet" href="gone.css">'),
        [("index.html", 2, "missing-file")],
    ),
    "a link to a page that is gone": (
        page('<p>\n\n<a class="x"\n href="gone.html#y">there</a></p>'),
        [("index.html", 4, "missing-file")],
    ),
    "a link out of the site": (
        page('<a href="../index.html">up</a>'),
        [("index.html", 2, "missing-file")],
    ),
    "a link to a folder without an index": (
        {"a/b.html": '<a href="../c/">c</a>', "c/d.html": ""},
        [("a/b.html", 1, "missing-file")],
    ),
    "a font that is gone, in a style sheet": (
        {"s/a.css": "p {}\nq { src: url('../gone.woff2#x') }\n"},
        [("s/a.css", 2, "missing-file")],
    ),
    "a picture that is gone, in a style": (
        page("<style>\np { background: url(gone.png) }\n</style>"),
        [("index.html", 3, "missing-file")],
    ),
    "a picture that is gone, in an attribute": (
        page('<p\n style="background: url(gone.png)">x</p>'),
        [("index.html", 2, "missing-file")],
    ),
    # missing-anchor
    "an anchor that is gone from this page": (
        page('<a href="#gone">there</a>'),
        [("index.html", 2, "missing-anchor")],
    ),
    "an anchor that is gone from another page": (
        {"a/b.html": '<p id="x">\n<a href="../index.html#x">there</a></p>'},
        [("a/b.html", 2, "missing-anchor")],
    ),
    "an anchor that only a comment holds": (
        page('<!-- <p id="x"> -->\n<a href="#x">there</a>'),
        [("index.html", 3, "missing-anchor")],
    ),
    # third-party
    "a script of another host": (
        page('<script\n src="https://host/a.js"></script>'),
        [("index.html", 2, "third-party")],
    ),
    "a style sheet of another host": (
        page('<link rel="stylesheet" href="//host/a.css">'),
        [("index.html", 2, "third-party")],
    ),
    "a connection to another host": (
        page('<link href="https://host" rel="preconnect">'),
        [("index.html", 2, "third-party")],
    ),
    "an image of another host": (
        page(f'<img {ALT} src="http://host/a.png">'),
        [("index.html", 2, "third-party")],
    ),
    "a frame of another host": (
        page('<iframe src="https://host/"></iframe>'),
        [("index.html", 2, "third-party")],
    ),
    "a film of another host": (
        page('<video poster="a.png"><source src="https://host/a"></video>'),
        [("index.html", 2, "third-party")],
    ),
    "a font of another host": (
        {"a.css": "\n\n@import 'https://host/a.css';\n"},
        [("a.css", 3, "third-party")],
    ),
    "a background of another host": (
        page("<style>p{}\nq{background:URL( //host/a )}</style>"),
        [("index.html", 3, "third-party")],
    ),
    # image-alt
    "an image without alt": (
        page('<img src="a.png">'),
        [("index.html", 2, "image-alt")],
    ),
    "an image with an empty alt": (
        page('<img src="a.png" alt=" ">'),
        [("index.html", 2, "image-alt")],
    ),
    "an image with three words": (
        page('<img src="a.png" alt="The loss falls">'),
        [("index.html", 2, "image-alt")],
    ),
    "an image whose alt is its name": (
        page('<img src="a.png" alt="a.png">'),
        [("index.html", 2, "image-alt")],
    ),
    "an image whose alt is its address": (
        {
            "index.html": '<img src="my loss over steps.png"'
            ' alt="my loss over steps.png">',
            "my loss over steps.png": "",
        },
        [("index.html", 1, "image-alt")],
    ),
    "a logo without alt": (
        page('<img class="logo__image" src="a.png" alt="">'),
        [("index.html", 2, "image-alt")],
    ),
    "an alt that repeats the caption": (
        page(
            f'<figure>\n<img src="a.png" {ALT}>\n<figcaption>\n<p>'
            '<span class="caption-number">Fig. 1 </span>'
            '<span class="caption-text">The <em>loss</em> falls'
            ' and then stalls.</span><a class="headerlink" href="#">#</a>'
            "</p></figcaption></figure>"
        ),
        [("index.html", 3, "image-alt")],
    ),
    # machine-path
    "a path of the machine in a text": (
        page(f"<p>\nin {MACHINE}/book/x.py</p>"),
        [("index.html", 3, "machine-path")],
    ),
    "a path of the machine in an address": (
        page(f'<a title="file://{MACHINE}/x" href="#">x</a>'),
        [("index.html", 2, "machine-path")],
    ),
    "a path of the machine in the search index": (
        {"searchindex.js": f'x\n"{MACHINE}"'},
        [("searchindex.js", 2, "machine-path")],
    ),
    # secret
    "a secret in a page": (
        page(f"<p>\n{SECRET}</p>"),
        [("index.html", 3, "secret")],
    ),
    "a secret in a picture": (
        {"a.svg": f"<svg>\n<!--{SECRET}--></svg>"},
        [("a.svg", 2, "secret")],
    ),
    # object-address
    "an address in an output": (
        page(output("<pre>&lt;object at <b>0x7f</b>12abcdef3&gt;</pre>")),
        [("index.html", 4, "object-address")],
    ),
    # traceback
    "a traceback by its class": (
        page(output('<p>x</p>\n<div class="output traceback x">E</div>')),
        [("index.html", 5, "traceback")],
    ),
    "a traceback by its words": (
        page(output("<pre><b>Traceback</b> (most recent call last):</pre>")),
        [("index.html", 4, "traceback")],
    ),
    "a traceback after a cell that may raise": (
        page(
            output("<p>x</p>", "cell tag_raises-exception")
            + output('<div class="traceback">E</div>')
        ),
        [("index.html", 7, "traceback")],
    ),
    # page-size
    "a page of more than a megabyte": (
        page("x" * 1_000_001),
        [("index.html", 1, "page-size")],
    ),
    # math
    "a formula as it was typed": (
        page('<p>\n<span class="math notranslate">\\(x\\)</span></p>'),
        [("index.html", 3, "math")],
    ),
    "a displayed formula as it was typed": (
        page('<div class="math"><div>x</div></div>'),
        [("index.html", 2, "math")],
    ),
    "a formula that KaTeX gave up": (
        page('<span class="math"><i class="katex-error">x</i></span>'),
        [("index.html", 2, "math")],
    ),
}

SOUND: dict[str, Site] = {
    "files that exist": {
        "index.html": f'<link rel="stylesheet" href="s/a.css?v=1">\n'
        f'<img {ALT} src="s/a%20b.png" srcset="s/a%20b.png 2x">\n'
        '<a href="s/">s</a> <a href="./">i</a> <a href="/s/index.html">a</a>'
        '<form action="s/index.html"></form>'
        '<script src="s/b.js"></script>\n',
        "s/index.html": '<a href="../index.html?q=1">i</a> <a href=".">s</a>',
        "s/a b.png": "",
        "s/b.js": "",
        "s/a.css": "/* url(gone.png) */ p { src: url('a b.png?#x') }\n"
        "q { background: url(data:image/png;base64,xx) }\n"
        "r { clip-path: url(#clip) }",
    },
    "anchors that exist": {
        "index.html": '<p id="a&amp;b"></p><a href="#a%26b">x</a>'
        '<a href="#">top</a><a href="a.html#c">c</a>'
        '<a href="a.html#d">d</a>',
        "a.html": "<p ID=c></p><a name='d'></a>",
    },
    "links that are followed only on request": page(
        '<a href="https://host/">x</a>\n'
        '<link rel="canonical" href="https://host/">\n'
        '<link rel="next" href="https://host/">\n'
        '<form action="https://host/"></form>\n'
        '<a href="mailto:a@host">m</a>\n'
        '<meta property="og:image" content="https://host/a.png">'
    ),
    "addresses in scripts and comments": page(
        "<script>var a = \"<img src='gone.png'>\";</script>\n"
        '<!-- <img src="gone.png"> -->\n'
        "<title>The <img> element</title>"
    ),
    "addresses in code that is shown": page(
        '<pre>&lt;img src="gone.png"&gt;</pre>'
    ),
    "images with alt text": page(
        f'<img {ALT} src="a.png"/>\n'
        '<img class="logo__image only-dark" src="a.png" alt="The book">\n'
        f'<figure><img {ALT} src="a.png"><figcaption>Note the stall.'
        "</figcaption></figure>\n"
        f'<figure><img {ALT.replace("loss", "error")} src="a.png">'
        "<figcaption>The loss falls and then stalls.</figcaption></figure>"
    ),
    "other paths": page(
        f"<p>{MACHINE}s and {MACHINE}-2 and /home{MACHINE}"
        f" and .{MACHINE} and https:/{MACHINE}</p>"
    ),
    "a short hexadecimal number": page(output("<pre>0xff 0x7f12abc</pre>")),
    "an address in the prose": page("<p>such as 0x7f12abcdef3</p>"),
    "a traceback that the page declares": page(
        output(
            '<div class="output traceback">Traceback (most recent call last)'
            "</div>",
            "cell tag_hide-cell tag_raises-exception",
        )
    ),
    "a traceback in the prose": page(
        "<pre>Traceback (most recent call last):</pre>"
    ),
    "formulas that were set": page(
        '<span class="math"><span class="katex">x</span></span>\n'
        '<div class="math"><span class="eqno">1</span><math>x</math></div>'
    ),
    "elements that are not closed": page(
        "<ul><li>a<li>b</ul></p>\n<p id=x>c<br>d<a href='#x'>e</a>"
    ),
    "a page of a megabyte": {"a.html": "x" * 1_000_000},
    "a template that the theme leaves": {
        "_static/macros.html": '{% macro a() %}<link href="{{ x }}">'
    },
}


@pytest.mark.parametrize(
    ("files", "expected"), BROKEN.values(), ids=BROKEN.keys()
)
def test_a_broken_site_is_reported_at_its_line(
    tmp_path: Path, files: Site, expected: list[tuple[str, int, str]]
) -> None:
    assert faults(tmp_path, files) == expected


@pytest.mark.parametrize("files", SOUND.values(), ids=SOUND.keys())
def test_a_sound_site_has_no_finding(tmp_path: Path, files: Site) -> None:
    assert faults(tmp_path, files) == []


def test_a_finding_does_not_repeat_the_secret(tmp_path: Path) -> None:
    site = make_site(tmp_path, page(f"<p>{SECRET}</p>"))
    (finding,) = audit(site, secrets=[SECRET])
    assert SECRET not in str(finding)


def test_a_secret_is_found_as_html_writes_it(tmp_path: Path) -> None:
    site = make_site(tmp_path, page("<p>one&amp;two&lt;three</p>"))
    (finding,) = audit(site, secrets=["one&two<three"])
    assert finding.rule == "secret"


def test_a_short_secret_and_the_root_are_no_ground(tmp_path: Path) -> None:
    site = make_site(tmp_path, page("<p>abcdefg / x</p>"))
    assert audit(site, secrets=["abcdefg"], forbidden_paths=["/", ""]) == []


def test_a_folder_without_a_page_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no index\.html"):
        audit(tmp_path)


def test_the_command_prints_findings_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(tmp_path, page('<a href="gone.html">x</a>'))
    assert main([str(site), "--forbid", MACHINE]) == 1
    assert capsys.readouterr().out == (
        f"{site}/index.html:2: missing-file:"
        " <a> names gone.html, which does not exist\n"
    )


def test_the_command_is_silent_about_a_sound_site(tmp_path: Path) -> None:
    site = make_site(tmp_path, {})
    done = subprocess.run(
        [sys.executable, "-m", "mlsd_sphinx.html_audit", str(site)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_refuses_a_folder_that_is_not_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "gone")])
    assert "holds no index.html" in capsys.readouterr().err


def test_twelve_long_pages_take_less_than_two_seconds_of_a_core(
    tmp_path: Path,
) -> None:
    # The budget of `make html`.  Half a megabyte a page, most of it the
    # spans of formulas, is what a page with a hundred of them weighs.
    formula = (
        '<span class="math"><span class="katex">'
        + '<span class="mord mathnormal" style="height:1em;">x</span>' * 60
        + "</span></span>\n"
    )
    body = f'<p id="x">{formula}</p><a href="index.html#x">x</a>\n'
    pages = {
        f"{number}.html": body * (500_000 // len(body)) for number in range(11)
    }
    site = make_site(tmp_path, {"index.html": body, **pages})
    start = time.process_time()
    assert audit(site, secrets=[SECRET], forbidden_paths=[MACHINE]) == []
    assert time.process_time() - start < 2
