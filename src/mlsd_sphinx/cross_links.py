"""Links to claims and questions of any page, known after all are read."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from mlsd_sphinx.page_records import CLAIMS, QUESTIONS, app_of

__all__ = [
    "PendingLink",
    "claim_anchor",
    "page_of_claim",
    "page_of_question",
    "place_of",
    "question_anchor",
    "setup",
]


class PendingLink(nodes.Inline, nodes.TextElement):
    """A link to the ``claim`` or ``question`` (``kind``) named ``name``."""


def claim_anchor(name: str) -> str:
    """Return the anchor of a claim box."""
    return f"claim-{name.lower()}"


def question_anchor(name: str) -> str:
    """Return the anchor of a question."""
    return f"question-{name}"


def page_of_claim(env: BuildEnvironment, name: str) -> str | None:
    """Return the page that holds a claim box."""
    for docname, claim in CLAIMS.items(env):
        if claim.id == name:
            return docname
    return None


def page_of_question(env: BuildEnvironment, name: str) -> str | None:
    """Return the page that holds a question."""
    for docname, question in QUESTIONS.items(env):
        if question.name == name:
            return docname
    return None


def place_of(
    env: BuildEnvironment, kind: str, name: str
) -> tuple[str, str] | None:
    """Return page and anchor of a claim or question, if the book has it."""
    if kind == "claim":
        docname, anchor = page_of_claim(env, name), claim_anchor(name)
    else:
        docname, anchor = page_of_question(env, name), question_anchor(name)
    return None if docname is None else (docname, anchor)


class ResolveLinks(SphinxPostTransform):
    """Turn pending links into references."""

    default_priority = 9

    def run(self, **kwargs: Any) -> None:  # noqa: ARG002
        """Resolve each pending link; an unknown one stays as its text."""
        for link in list(self.document.findall(PendingLink)):
            place = place_of(self.env, link["kind"], link["name"])
            if place is None:  # reported by the consistency check
                link.replace_self(link.children)
                continue
            link.replace_self(_reference(self.env, place, link.children))


def _reference(
    env: BuildEnvironment, place: tuple[str, str], text: list[nodes.Node]
) -> nodes.reference:
    docname, anchor = place
    builder = app_of(env).builder
    if builder.format == "latex":
        # All pages are one tree there: a link within "this" page would be
        # one within the root page.
        address = f"{builder.get_target_uri(docname)}#{anchor}"
        return nodes.reference("", "", *text, internal=True, refuri=address)
    return make_refnode(builder, env.docname, docname, anchor, text)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the transform."""
    app.setup_extension("mlsd_sphinx.page_records")
    app.add_post_transform(ResolveLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
