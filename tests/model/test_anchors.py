"""What a formula means at a given place: every form of ``{key}``, and one sentence for each that means nothing."""

from __future__ import annotations

import pytest

from xlgenai.errors import ModelError
from xlgenai.model.anchors import Anchor, Place, nearest, resolve

ANCHORS = {
    "revenue": Anchor("Model", 6, 6, 3, 5, 8),  # value in C6, timeline E6:H6
    "row_only": Anchor("Model", 7, 7, None, 5, 8),
    "growth": Anchor("Inputs", 12, 12, 3, parts={"bear": 7, "bull": 9}),
    "layers": Anchor("Value Chain", 20, 27, parts={"layer": 1, "revenue_share": 3}),
    "longer": Anchor("Other", 9, 9, 3, 5, 14),
    "shorter": Anchor("Other", 10, 10, None, 5, 6),
}
VALUE = Place("Model", 30, 3)
TIMELINE = Place("Model", 30, 6, 5, 8)


@pytest.mark.parametrize(
    ("formula", "place", "expected"),
    [
        ("{revenue}", VALUE, "$C$6"),
        ("{revenue}", TIMELINE, "F6"),
        ("{row_only}", TIMELINE, "F7"),
        ("{growth}", VALUE, "Inputs!$C$12"),
        ("{growth}", TIMELINE, "Inputs!$C$12"),
        ("{longer}", TIMELINE, "Other!F9"),
        ("{revenue[:]}", VALUE, "$E$6:$H$6"),
        ("{revenue[:]}", TIMELINE, "$E$6:$H$6"),
        ("{longer[:]}", VALUE, "Other!$E$9:$N$9"),
        ("{revenue[first]}", VALUE, "$E$6"),
        ("{revenue[last]}", TIMELINE, "$H$6"),
        ("{revenue[ last ]}", VALUE, "$H$6"),
        ("{revenue[-1]}", TIMELINE, "E6"),
        ("{revenue[+2]}", TIMELINE, "H6"),
        ("{revenue[0]}", TIMELINE, "F6"),
        ("{revenue[:0]}", TIMELINE, "$E6:F6"),
        ("{growth.bull}", VALUE, "Inputs!$I$12"),
        ("{growth.bear}", TIMELINE, "Inputs!$G$12"),
        ("{layers.revenue_share}", VALUE, "'Value Chain'!$C$20:$C$27"),
        ("{revenue:longer}", Place("Other", 1, 3), None),
        ("{position}", TIMELINE, "COLUMNS($E$3:F$3)"),
        ("{count}", TIMELINE, "COLUMNS($E$3:$H$3)"),
        ("{heading}", TIMELINE, "F$4"),
        ("SUM({revenue[:]})*{growth}", VALUE, "SUM($E$6:$H$6)*Inputs!$C$12"),
        ("no key at all: 1+A1", VALUE, "no key at all: 1+A1"),
        ("CHOOSE(1,{1,2;-3.5,1E6},{TRUE,#N/A})", VALUE, "CHOOSE(1,{1,2;-3.5,1E6},{TRUE,#N/A})"),
        ('{"a","b c"}&"{in a text}"', VALUE, '{"a","b c"}&"{in a text}"'),
    ],
)
def test_every_form_has_one_meaning(formula: str, place: Place, expected: str | None) -> None:
    if expected is None:
        with pytest.raises(ModelError):
            resolve(formula, ANCHORS, place)
    else:
        assert resolve(formula, ANCHORS, place) == expected


def test_a_block_runs_from_one_value_to_another() -> None:
    anchors = {"one": Anchor("Checks", 9, 9, 3), "two": Anchor("Checks", 12, 12, 3)}
    assert resolve("AND({one:two})", anchors, Place("Checks", 6, 3)) == "AND($C$9:$C$12)"
    assert resolve("AND({one:two})", anchors, Place("Cover", 6, 3)) == "AND(Checks!$C$9:$C$12)"


@pytest.mark.parametrize(
    ("formula", "place", "words"),
    [
        ("{revenu}", VALUE, "Model row 30: there is no line 'revenu'; did you mean revenue"),
        ("{growth.bul}", VALUE, "has no part 'bul'; did you mean bull"),
        ("{revenue.bull}", VALUE, "has no part 'bull'; there is none"),
        ("{layers.share}", VALUE, "did you mean revenue_share"),
        ("{row_only}", VALUE, r"is a whole row; write \[:\], \[first\] or \[last\]"),
        ("{layers}", VALUE, "is a whole row"),
        ("{shorter}", Place("Model", 30, 7, 5, 8), "the timelines differ in length"),
        ("{growth[:]}", VALUE, "asks for a column, but the line has no timeline"),
        ("{growth[-1]}", TIMELINE, "asks for a column, but the line has no timeline"),
        ("{revenue[-1]}", VALUE, "lies outside the timeline"),
        ("{revenue[-2]}", TIMELINE, "lies outside the timeline"),
        ("{revenue[3]}", TIMELINE, "lies outside the timeline"),
        ("{revenue[:0]}", VALUE, "is written wrongly"),
        ("{revenue[final]}", VALUE, r"is written wrongly; write \[-1\], \[:\] or \[last\]"),
        ("{revenue[]}", TIMELINE, "is written wrongly"),
        ("{revenue:row_only}", VALUE, "is no block of single values on one sheet"),
        ("{revenue:growth}", VALUE, "is no block of single values on one sheet"),
        ("{revenue:grwth}", VALUE, "there is no line 'grwth'; did you mean growth"),
        ("{position}", VALUE, "has a meaning only in the further columns"),
        ("{heading}", VALUE, "has a meaning only in the further columns"),
        ("{growth.bull[:]}", VALUE, "asks for two things at once"),
        ("{heading[last]}", TIMELINE, "asks for two things at once"),
        ("{revenue:longer[:]}", VALUE, "asks for two things at once"),
        ("{revenue [:]}", VALUE, "a key that is written wrongly"),
        ("{ revenue }", VALUE, "a key that is written wrongly"),
        ("{revenue-growth}", VALUE, "a key that is written wrongly"),
        ("{revenue[:]", VALUE, "a key that is written wrongly"),
        ("{revenue.}", VALUE, "a key that is written wrongly"),
        ("revenue}", VALUE, "a key that is written wrongly"),
    ],
)
def test_what_means_nothing_is_refused_with_a_hint(formula: str, place: Place, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        resolve(f"1+{formula}", ANCHORS, place)


def test_nearest_offers_three_names_at_most() -> None:
    assert nearest("revenue_2", ["revenue_1", "revenue_3", "revenue_4", "revenue_5"]).count("revenue") == 3
    assert nearest("xyz", ["b", "a"]) == "did you mean a, b?"
    assert nearest("x", []) == "there is none."
