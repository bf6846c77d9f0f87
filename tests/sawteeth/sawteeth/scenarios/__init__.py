"""Every scenario by its name. One is a module or object with CLOCK, SIZE_MIB, LIMIT_S and `run(recording)`."""

from . import backups, databases, logs, packages, runaways, temporary

ALL = {
    scenario.NAME: scenario
    for group in (logs, packages, backups, databases, temporary, runaways)
    for scenario in group.SCENARIOS
}
