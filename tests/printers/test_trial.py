"""The page that finds out what a printer does, looked at by eyes that know only what came out."""

import re

import pytest

from printers.codepages import CodePage
from printers.errors import BadProfile
from printers.profile import load_profile, profile_names
from printers.trial import RULERS, candidates, trial_page


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_has_a_page_with_rulers_and_its_candidates(name: str) -> None:
    profile = load_profile(name)
    tried = candidates(profile)
    job = trial_page(profile, tried)
    for columns in RULERS:
        [ruler] = re.findall(rb"([.:|]+%d)\n" % columns, job)
        assert len(ruler) == columns
    for one in tried:
        before, after = job.split(f"{one.label}: {one.setting}\n".encode(), 1)
        assert before.endswith(b"-\n")
        own, _ = after.split(b"\x1dv0", 1)
        assert own.split(b"\x1bt", 1)[1][:1] == bytes([one.page.slot])
        assert one.sample.encode(one.page.codec) + b"\n" in own
        assert len(one.sample) <= profile.columns
    assert len({one.label for one in tried}) == len(tried)
    assert {CodePage(46, "cp1251"), CodePage(17, "cp866")} <= {one.page for one in tried}


def test_a_page_of_ones_own_is_tried_too() -> None:
    tried = candidates(load_profile("58mm-dots"), ["70:CP1251"])
    assert tried[0].page == CodePage(70, "cp1251")
    for setting in ("70", "x:CP1251", "256:CP1251", "70:KLINGON", ""):
        with pytest.raises(BadProfile, match="is no code page by its number"):
            candidates(load_profile("80mm"), [setting])
