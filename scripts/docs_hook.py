"""What the documentation site adds to the Markdown of docs/ (hooks of MkDocs; see mkdocs.yml).

- `folder/*` in the nav is every page of that folder; `(page.md)` is taken if it is there.
- CONTRIBUTING.md and the changelog (with the fragments not yet released) become pages, and so do
  notebooks, with the outputs that they were saved with.
- A link that leaves docs/ leads to such a page, or becomes the repository's path, since a site does not
  hold the code; what it points at must exist.
- An address of another site is checked for its form; that nothing is loaded from elsewhere, on the
  built page.
Warnings fail the build, which is strict.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import changelog
import docs_notebooks
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import File, Files
from pymdownx.slugs import slugify

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
LOG = get_plugin_logger("caudal")
LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])+)\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
PAGES = {
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
}
"""Files of the root that have a page here."""
LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


def on_config(config: Any) -> Any:
    """Fill the nav in, and give headings the anchors that they have where Markdown is read."""
    listed = set(_pages(config.nav))
    config.nav = [entry for entry in (_filled(item, listed) for item in config.nav) if entry]
    config.mdx_configs.setdefault("toc", {})["slugify"] = slugify(case="lower")
    return config


def _pages(entry: Any) -> list[str]:
    """Every page that a part of the nav names."""
    if isinstance(entry, str):
        return [entry.strip("()")]
    if isinstance(entry, dict):
        return [page for part in entry.values() for page in _pages(part)]
    return [page for part in entry for page in _pages(part)]


def _filled(entry: Any, listed: set[str]) -> Any:
    """A part of the nav with folders written out; None where nothing is left of it."""
    if isinstance(entry, dict):
        name, inner = next(iter(entry.items()))
        found = _filled([inner] if isinstance(inner, str) else inner, listed)
        if isinstance(inner, str) and found and len(found) == 1 and not inner.endswith("/*"):
            found = found[0]
        return {name: found} if found else None
    if isinstance(entry, list):
        out: list[Any] = []
        for part in entry:
            got = _filled(part, listed)
            out += got if isinstance(got, list) else [got] if got else []
        return out
    if entry.endswith("/*"):
        folder = DOCS / entry[:-2]
        there = [*folder.glob("*.md"), *folder.glob("*.ipynb")]
        pages = sorted(p.relative_to(DOCS).with_suffix(".md").as_posix() for p in there)
        return [page for page in pages if page not in listed]
    page = entry.strip("()")
    return page if page == entry or (DOCS / page).exists() else None


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that have no file in docs/."""
    for name, text in (("contributing.md", _contributing()), ("changelog.md", _changelog())):
        files.append(File.generated(config, name, content=text))
    for notebook in sorted(DOCS.rglob("*.ipynb")):
        where = notebook.relative_to(DOCS)
        text, pictures = docs_notebooks.rendered(notebook)
        files.append(File.generated(config, where.with_suffix(".md").as_posix(), content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, where.with_name(name).as_posix(), content=content))
    return files


def _contributing() -> str:
    """CONTRIBUTING.md as a page."""
    return _from_root((ROOT / "CONTRIBUTING.md").read_text("utf-8"))


def _changelog() -> str:
    """CHANGELOG.md as a page, with a first section of what has not been released."""
    head, mark, rest = (ROOT / "CHANGELOG.md").read_text("utf-8").partition("\n## ")
    waiting = changelog.fragments(ROOT / "changes")
    _, _, new = changelog.section("x", "", waiting).partition("\n")
    unreleased = f"\n\n## Not yet released\n{new.rstrip()}\n" if waiting else "\n"
    return _from_root(head.rstrip() + unreleased + mark + rest)


def _from_root(text: str) -> str:
    """A text of the repository's root, its links as seen from docs/."""

    def moved(match: re.Match[str]) -> str:
        target = match["target"]
        if "://" not in target and not target.startswith(("#", "mailto:")):
            inside = target.startswith("docs/")
            target = target.removeprefix("docs/") if inside else f"../{target}"
        return f"[{match['text']}]({target})"

    return LINK.sub(moved, text)


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links that leave docs/ into paths of the repository, and look at addresses."""
    here = PurePosixPath(page.file.src_uri).parent

    def seen(match: re.Match[str]) -> str:
        text, target = match["text"], match["target"]
        if SCHEME.match(target):
            if not sound(target):
                LOG.warning("%s: '%s' is no sound address", page.file.src_uri, target)
            return match[0]
        path, mark, anchor = target.partition("#")
        outside = (DOCS / here / path).resolve()
        if path.endswith(".ipynb") and outside.is_relative_to(DOCS):
            return f"[{text}]({path.removesuffix('.ipynb')}.md{mark}{anchor})"
        if not path or outside.is_relative_to(DOCS):
            return match[0]
        if not (outside.is_relative_to(ROOT) and outside.exists()):
            LOG.warning("%s: '%s' leads nowhere in the repository", page.file.src_uri, target)
        if outside.parent == ROOT and outside.name in PAGES:
            up = "../" * (len(here.parts))
            return f"[{text}]({up}{PAGES[outside.name]}{mark}{anchor})"
        where = outside.relative_to(ROOT).as_posix() if outside.is_relative_to(ROOT) else path
        return text if where in text else f"{text} (`{where}`)"

    return outside_code(markdown, lambda part: LINK.sub(seen, part))


def outside_code(markdown: str, change: Any) -> str:
    """Apply `change` to what stands between fenced blocks."""
    out, last = [], 0
    for fence in FENCE.finditer(markdown):
        out += [change(markdown[last : fence.start()]), fence[0]]
        last = fence.end()
    return "".join([*out, change(markdown[last:])])


def sound(address: str) -> bool:
    """Whether an address has a scheme, a host with a dot or a port, and no blanks."""
    if address.startswith("mailto:"):
        return re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[a-z]+", address) is not None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", host) or (host and port)
    return parts.scheme in {"http", "https"} and bool(known)


class _Loaded(HTMLParser):
    """Addresses of other sites that a page would load by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        address = given.get(LOADS.get(tag, "")) or ""
        if tag == "link" and given.get("rel") in {"canonical", "next", "prev"}:
            return
        if address.startswith(("http:", "https:", "//")):
            self.found.append(address)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Say what the built page would fetch from elsewhere."""
    parser = _Loaded()
    parser.feed(output)
    for address in parser.found:
        LOG.warning("%s: loads '%s' from another site", page.file.src_uri, address)
    return output
