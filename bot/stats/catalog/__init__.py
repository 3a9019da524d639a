"""Every statistic, one module each: a new file here is found by itself."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from bot.stats.statistic import Statistic


def _found() -> dict[str, Statistic]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    statistics: list[Statistic] = [import_module(f"{__name__}.{name}").STATISTIC for name in names]
    return {one.stat.key: one for one in sorted(statistics, key=lambda one: one.row)}


CATALOG: Mapping[str, Statistic] = _found()
