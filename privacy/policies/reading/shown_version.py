"""A version of a policy in one language, with its addresses: what templates show."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token

from content.markdown import clean, markdown
from content.paths import absolute
from privacy.models import PolicyCode
from privacy.policies.reading.addresses import address
from privacy.policies.reading.published import Version
from privacy.policies.text.rendering import Section


@dataclass(frozen=True)
class ShownVersion:
    """One version for one page. Addresses are in the active language: it must be `language`."""

    version: Version
    language: str

    @property
    def number(self) -> int:
        return self.version.number

    @property
    def title(self) -> str:
        return self.version.titles[self.language]

    @property
    def sections(self) -> tuple[Section, ...]:
        return self.version.text(self.language).sections

    @property
    def html(self) -> SafeString:
        return self.version.html(self.language)

    @property
    def url(self) -> str:
        """The permanent address of this version in this language."""
        return self._address("version")

    @property
    def absolute_url(self) -> str:
        return absolute(self.url)

    @property
    def file_url(self) -> str:
        return self._address("file")

    @property
    def file_name(self) -> str:
        return f"voipstudio-{self.version.policy}-{self.number}.md"

    @property
    def short_hash(self) -> str:
        """Enough of the hash to tell versions apart, too little to check a file."""
        return self.version.hash[:12]

    @property
    def differences_url(self) -> str:
        """From the version that applies before this one; empty for the first."""
        older = self.version.previous_number
        return self.differences_from(older) if older else ""

    def differences_from(self, older: int) -> str:
        return address(self.version.policy, "differences", older=older, newer=self.number)

    @cached_property
    def change_summary(self) -> SafeString:
        """What changes, in words; its links to places in the text lead to this version."""
        tokens = markdown.parse(self.version.change_summaries[self.language])
        for token in _inside(tokens):
            target = str(token.attrGet("href") or "")
            if target.startswith("#"):
                token.attrSet("href", f"{self.url}{target}")
            # The page has headings of its own: these would break its outline.
            if token.type in {"heading_open", "heading_close"}:
                token.tag = "p"
        html = str(markdown.renderer.render(tokens, markdown.options, {}))
        return mark_safe(clean(html))  # noqa: S308 - cleaned to a list of tags

    def _address(self, kind: str) -> str:
        return address(self.version.policy, kind, number=self.number)


def _inside(tokens: list[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *(token.children or []))]


def name_of(code: str) -> str:
    """A document's name at the start of a line, in the active language."""
    label = str(PolicyCode(code).label)
    return label[:1].upper() + label[1:]
