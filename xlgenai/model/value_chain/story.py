"""The story of the post in four sentences that follow the inputs and the data."""

from __future__ import annotations

from typing import Final

from xlgenai.model.parts import Sentence


def _percent(key: str) -> str:
    return f'TEXT({{{key}}},"0%")'


def _times(key: str) -> str:
    """A multiple as people say it: 2, not 2.00."""
    return f"ROUND({{{key}}},1)"


PAID: Final = (
    f'"Infrastructure takes "&{_percent("revenue_share[first]")}&" of the revenue with "'
    f'&{_percent("funding_share[first]")}&" of the funding; models and applications take "'
    f'&{_percent("revenue_share[last]")}&" with "&{_percent("funding_share[last]")}&"."'
)
MARGIN: Final = (
    f'"At "&{_times("tam_multiple_low")}&" to "&{_times("tam_multiple_high")}'
    '&" times infrastructure, applications would earn a gross margin of "'
    f'&{_percent("implied_margin_low")}&" to "&{_percent("implied_margin_high")}&", against "'
    f'&{_percent("gross_margin_low")}&" to "&{_percent("gross_margin_high")}&" for SaaS."'
)
OVERTAKE: Final = (
    'IF({crossover_target}=1,"overtake infrastructure",'
    f'"reach "&{_times("crossover_target")}&" times infrastructure")'
)
CROSSOVER: Final = (
    '"In the live scenario ("&{scenario}&") applications "'
    f'&IF({{crossover}}="never","never ",IF({{crossover}}=0,"already ",""))&{OVERTAKE}'
    '&IF(OR({crossover}="never",{crossover}=0),""," in "&TEXT({crossover},"0.0")&" years")'
    '&" if growth lasts; as it fades, they stand at "&TEXT({tam_multiple},"0.00")'
    '&" times it in "&{year[last]}&"."'
)
CIRCULAR: Final = (
    f'IFNA("Up to "&{_percent("circular_share_post")}&" of Nvidia\'s data-center revenue is venture money going round;"'
    f'&" Nvidia kept "&{_percent("post_net_margin")}&" of its revenue as profit in "&{{post_quarter}}&".",'
    '"The data hold no figures of Nvidia for the quarter of the post.")'
)
STORY: Final = (
    Sentence("story_paid", PAID),
    Sentence("story_margin", MARGIN),
    Sentence("story_crossover", CROSSOVER),
    Sentence("story_circular", CIRCULAR),
)
