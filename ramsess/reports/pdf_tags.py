"""The structure of a PDF: what is a heading, a paragraph, a table's cell, a drawing.

reportlab writes no tagged PDF, so this file does: every page's content is either marked as part
of an element (a heading, a cell, a figure with its text alternative…) or as an artifact
(footers, rules, backgrounds), and the catalogue holds the tree of the elements (ISO 32000-1,
14.7 and 14.8). Screen readers and text extraction follow it.

Drawing code says ``with tagged(canvas, "P"):`` and need not know whether its canvas has tags: a
plain canvas has none, and then nothing is marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFObject, PDFObjectReference
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

_ARTIFACT = "/Artifact BMC"
_END = "EMC"


class _Raw(PDFObject):  # type: ignore[misc]  # the library is untyped
    """An object of the file given as it is written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def format(self, _document: Any) -> bytes:
        return self.text.encode("ascii")


class Element(PDFObject):  # type: ignore[misc]  # the library is untyped
    """An element of the structure: its *role*, its children, and where on pages its content is.

    *extra*: further entries of its dictionary, as they are written.
    """

    def __init__(self, role: str, parent: Element | None, extra: str = "") -> None:
        self.role, self.parent, self.extra = role, parent, extra
        self.children: list[Element | tuple[str, int] | _Raw | str] = []

    def format(self, document: Any) -> bytes:
        """``StructElem``, or the root of the tree when it has no parent."""
        pages = {child[0] for child in self.children if isinstance(child, tuple)}
        page = next(iter(pages)) if len(pages) == 1 else None
        kids = []
        for child in self.children:
            if isinstance(child, Element):
                kids.append(_number(document, child))
            elif isinstance(child, tuple):
                own, mark = child
                if page is not None:
                    kids.append(str(mark))
                else:
                    kids.append(f"<</Type/MCR/Pg {_of(document, own)}/MCID {mark}>>")
            elif isinstance(child, str):  # an annotation
                kids.append(f"<</Type/OBJR/Obj {_of(document, child)}>>")
        inside = kids[0] if len(kids) == 1 else f"[{' '.join(kids)}]"
        if self.parent is None:
            return f"<</Type/StructTreeRoot/K {inside}{self.extra}>>".encode("ascii")
        where = f"/Pg {_of(document, page)}" if page is not None else ""
        return (
            f"<</S/{self.role}/P {_number(document, self.parent)}{where}/K {inside}{self.extra}>>"
        ).encode("ascii")


class Tags:
    """The structure of the document that *canvas* draws."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas: Any = canvas
        self._root = Element("", None)
        document = Element("Document", self._root)
        self._root.children.append(document)
        self._open = [document]
        #: The elements of each page's marks, by the page's name, in the order of its marks.
        self._pages: dict[str, list[Element]] = {}
        self._links: list[Element] = []

    def open(self, role: str, extra: str = "") -> Element:
        """Open a group: what follows is inside it until ``close``."""
        element = Element(role, self._open[-1], extra)
        self._open[-1].children.append(element)
        self._open.append(element)
        return element

    def enter(self, element: Element) -> None:
        """Go on inside a group that was closed."""
        self._open.append(element)

    def close(self) -> None:
        """Close the group opened last."""
        self._open.pop()

    @contextmanager
    def mark(
        self, role: str, extra: str = "", into: list[Element] | None = None
    ) -> Iterator[Element]:
        """What is drawn inside is the content of a new element, or of the one *into* holds."""
        if into:
            element = into[0]
        else:
            element = Element(role, self._open[-1], extra)
            self._open[-1].children.append(element)
            if into is not None:
                into.append(element)
        page = self._canvas._doc.thisPageName()
        marks = self._pages.setdefault(page, [])
        element.children.append((page, len(marks)))
        code = self._canvas._code
        if code and code[-1] == _ARTIFACT:
            code.pop()
        else:
            code.append(_END)
        code.append(f"/{element.role} <</MCID {len(marks)}>> BDC")
        marks.append(element)
        yield element
        self._canvas._code += [_END, _ARTIFACT]

    def link(self, element: Element) -> None:
        """The annotation made last belongs to *element*."""
        name = f"Annot.NUMBER{self._canvas._annotationCount}"
        annotation = self._canvas._doc.idToObject[name]
        annotation.permitted = (*annotation.permitted, "StructParent")
        # The pages have the first keys of the tree, so the links count down from far above.
        annotation.otherkw["StructParent"] = self._key(len(self._links))
        element.children.append(name)
        self._links.append(element)

    def close_page(self) -> None:
        """Mark the rest of the page as artifact; to be called before it is put away."""
        code = self._canvas._code
        code.insert(0, _ARTIFACT)
        code.append(_END)

    def finish(self) -> None:
        """Hang the tree into the catalogue; to be called when all is drawn."""
        document = self._canvas._doc
        for number, page in enumerate(document.Pages.pages):
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
            page.StructParents, page.Tabs = number, _Raw("/S")
        numbers = []
        for number, page in enumerate(document.Pages.pages):
            name = document.Reference(page).name
            marks = " ".join(_number(document, item) for item in self._pages.get(name, []))
            numbers.append(f"{number} [{marks}]")
        for number, element in enumerate(self._links):
            numbers.append(f"{self._key(number)} {_number(document, element)}")
        tree = document.Reference(_Raw(f"<</Nums[{' '.join(numbers)}]>>"))
        self._root.extra = (
            f"/ParentTree {_of(document, tree.name)}"
            f"/ParentTreeNextKey {self._key(len(self._links))}"
        )
        document.Catalog.StructTreeRoot = self._root
        document.Catalog.MarkInfo = _Raw("<</Marked true>>")

    @staticmethod
    def _key(link: int) -> int:
        return 1_000_000 + link


class TaggedCanvas(Canvas):  # type: ignore[misc]  # the library is untyped
    """A canvas whose document has a structure, once ``tags`` is set."""

    tags: Tags | None = None

    def showPage(self) -> None:  # noqa: N802  # reportlab's name
        if self.tags:
            self.tags.close_page()
        super().showPage()

    def save(self) -> None:
        if self._code:
            self.showPage()
        if self.tags:
            self.tags.finish()
        super().save()


class Opened(Flowable):  # type: ignore[misc]  # the library is untyped
    """No ink: what follows is inside a group of the structure, until ``Closed``."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        return 0.0, 0.0

    def draw(self) -> None:
        tags = _tags(self.canv)
        if tags:
            tags.open(self.role)


class Closed(Opened):
    """No ink: the end of a group."""

    def __init__(self) -> None:
        super().__init__("")

    def draw(self) -> None:
        tags = _tags(self.canv)
        if tags:
            tags.close()


@contextmanager
def tagged(
    canvas: Any, role: str, extra: str = "", into: list[Element] | None = None
) -> Iterator[Element | None]:
    """Mark what is drawn inside, if *canvas* has tags; see ``Tags.mark``."""
    tags = _tags(canvas)
    if tags is None:
        yield None
    else:
        with tags.mark(role, extra, into) as element:
            yield element


@contextmanager
def grouped(canvas: Any, role: str) -> Iterator[None]:
    """What is marked inside is in a group, if *canvas* has tags."""
    tags = _tags(canvas)
    if tags is None:
        yield
    else:
        tags.open(role)
        yield
        tags.close()


def alternative(text: str) -> str:
    """The entry that gives *text* in the place of what is drawn."""
    return f"/Alt <{(chr(0xFEFF) + text).encode('utf-16-be').hex()}>"


def _tags(canvas: Any) -> Tags | None:
    return getattr(canvas, "tags", None)


def _of(document: Any, name: str) -> str:
    """The reference to the object called *name* in *document*."""
    return str(PDFObjectReference(name).format(document), "ascii")


def _number(document: Any, item: PDFObject) -> str:
    """The reference to *item*, which gets a number in *document* if it has none yet."""
    return str(document.Reference(item).format(document), "ascii")
