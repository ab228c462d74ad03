"""Families of languages, by ISO 639-1 code where there is one (after Glottolog, https://glottolog.org)."""

import numpy as np

from kg.network.graph.arrays import Bools, Network

FAMILIES: dict[str, str] = {
    language: family
    for family, languages in {
        "romance": "ca co es fr gl it la oc pt rm ro sc scn wa",
        "germanic": "af da de en fo fy gsw is lb nb nl nn no sv yi",
        "slavic": "be bg bs cs hr mk pl ru sk sl sr szl uk",
        "baltic": "lt lv",
        "finnic": "et fi",
        "celtic": "br cy ga gd kw",
        "turkic": "az ba kk ky tk tr tt ug uz",
        "iranian": "fa ku ps tg",
        "indo-aryan": "bn gu hi mr ne pa si ur",
        "semitic": "am ar he mt ti",
        "chinese": "wuu yue zh",
        "malayic": "id ms",
        "bantu": "lg ln nd rn rw sn st sw tn ts ve xh zu",
    }.items()
    for language in languages.split()
}


def families(network: Network) -> Bools:
    """(n, families) whether a language of each family is used in the place; a language of no listed family is its own."""
    of = [FAMILIES.get(language.split("_")[0], language) for language in network.languages]
    names = sorted(set(of))
    used = np.zeros((network.n_places, len(names)), np.bool_)
    for column, family in enumerate(of):
        used[:, names.index(family)] |= network.speaks[:, column]
    return used
