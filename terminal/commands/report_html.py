"""The report as one HTML page that needs nothing else and prints well."""

from collections.abc import Iterator
from html import escape

from terminal.commands.report_svg import chart_svg
from terminal.desk.sections import Cell, Report, Section, Table
from terminal.locale.words import Words
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.text import safe_text
from terminal.screens.report_text import headline, told

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: #14181c; background: #fff;
       max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 0 0 .5rem; color: #0b4f54; }
section { border-top: 1px solid #c8ced3; padding: 1rem 0; }
dl { display: grid; grid-template-columns: max-content auto; gap: .15rem 1.5rem; margin: 0 0 .6rem; }
dd { margin: 0; font-weight: 600; } dl > :nth-child(-n+2) { font-size: 1.15em; }
table { border-collapse: collapse; margin: .6rem 0; font-size: .9em; }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #e2e6e9; text-align: right; white-space: nowrap; }
th { background: #f1f4f5; } th.words, td.words { text-align: left; white-space: normal; }
.wide { overflow-x: auto; } .wide table { font-size: .8em; } .wide th, .wide td { padding: .2rem .35rem; }
.wide td.words:last-child { min-width: 18em; }
figure { margin: .8rem 0; } figcaption { font-size: .9em; color: #3c464e; }
svg { width: 100%; max-width: 45rem; height: auto; } svg text { font-size: 12px; fill: #14181c; }
p.definition { font-size: .85em; color: #3c464e; margin: .4rem 0 0; } p.note { margin: .4rem 0; }
p.made { color: #3c464e; margin: 0 0 1rem; }
@page { size: A4; margin: 14mm 12mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; }
  figure, dl, table, tr { break-inside: avoid; } h2 { break-after: avoid; }
  thead { display: table-header-group; } rect { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; } .wide table { font-size: .68em; } .wide th, .wide td { padding: .15rem .25rem; }
  .wide td.words:last-child { min-width: 16em; } a { color: inherit; text-decoration: none; }
  .definition a::after { content: " (" attr(href) ")"; overflow-wrap: anywhere; }
}
"""
_WIDE = 9
"""A table with more columns is set smaller."""


def report_html(words: Words, report: Report) -> str:
    """Write the page; whatever came from outside is escaped."""
    _ = words.gettext
    title = f"{_('Report')}: {headline(words, report)}"
    made = words.say(phrase("Counted on {moment}.", moment=report.made))
    parts = "\n".join(_section(words, section) for section in report.sections)
    return (
        f'<!doctype html>\n<html lang="{words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{escape(safe_text(report.shop))}</h1>\n"
        f'<p class="made">{escape(title)}<br>{escape(made)}</p>\n</header>\n<main>\n{parts}\n</main>\n'
        "</body>\n</html>\n"
    )


def _section(words: Words, section: Section) -> str:
    definition = section.definition
    lines = [f'<section id="{definition.name}">', f"<h2>{escape(words.say(definition.title))}</h2>"]
    if section.facts:
        facts = (
            f"<dt>{escape(words.say(label))}</dt><dd>{escape(told(words, cell))}</dd>"
            for label, cell in section.facts
        )
        lines.append(f"<dl>{''.join(facts)}</dl>")
    lines += [_table(words, table) for table in section.tables]
    if section.chart is not None:
        caption = escape(words.say(section.chart.title))
        lines.append(f"<figure>{chart_svg(words, section.chart)}<figcaption>{caption}</figcaption></figure>")
    lines += [f'<p class="note">{escape(words.say(note))}</p>' for note in section.notes]
    lines.append(f'<p class="definition">{escape(words.say(definition.says))}{_source(words, section)}</p>')
    return "\n".join([*lines, "</section>"])


def _source(words: Words, section: Section) -> str:
    definition = section.definition
    if not definition.url:
        return ""
    link = f'<a href="{escape(definition.url)}">{escape(definition.source)}</a>'
    return f" {escape(words.gettext('Source'))}: {link}"


def _table(words: Words, table: Table) -> str:
    shown = table.rows[: table.shown]
    words_only = [
        all(isinstance(row[place], str | Phrase) for row in table.rows) for place in range(len(table.head))
    ]
    rows = [_row(words, "th", table.head, words_only)]
    rows += [_row(words, "td", row, words_only) for row in shown]
    rest = len(table.rows) - len(shown)
    more = escape(words.say(phrase("… and {count} more lines.", count=rest)))
    after = f'<p class="note">{more}</p>' if rest else ""
    kind = ' class="wide"' if len(table.head) > _WIDE else ""
    return f"<div{kind}><table><thead>{rows[0]}</thead><tbody>{''.join(rows[1:])}</tbody></table></div>{after}"


def _row(words: Words, tag: str, cells: tuple[Cell, ...], words_only: list[bool]) -> str:
    return f"<tr>{''.join(_cells(words, tag, cells, words_only))}</tr>"


def _cells(words: Words, tag: str, cells: tuple[Cell, ...], words_only: list[bool]) -> Iterator[str]:
    for cell, left in zip(cells, words_only, strict=True):
        kind = ' class="words"' if left else ""
        yield f"<{tag}{kind}>{escape(told(words, cell, bare=True))}</{tag}>"
