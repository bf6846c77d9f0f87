"""Fits the score card of `drive_failure` on public SMART histories and says how good it is on drives it has not seen.

    python3 -m venv fit && fit/bin/pip install -r tests/foresight/fit/requirements.txt
    fit/bin/python tests/foresight/fit/drive_failure.py DATA/smart/backblaze_2013_2016_changelog.csv.gz OUT.json

The card is additive: every sign that a drive shows adds points, its model adds some, and points say how likely it is
that the drive fails. Points are those of a logistic regression on "fails while watched", fitted to the worst moment of
every drive, because an alarm is judged by that moment; none is negative, so more errors never look better. Models are
pulled towards their maker, makers towards the whole. The same input gives the same bytes.
"""

import hashlib
import json
import sys

import numpy as np
import pandas as pd
from scipy.optimize import minimize

DAY = 24
# Counts, and from how many on they are a sign; the names are those of shared/src/drive.rs.
LEVELS = {
    "reallocated_sectors": ("s5", [1, 4, 16, 64, 256, 1024, 4096]),
    "media_errors": ("s187", [1, 2, 4, 8, 16, 32, 64, 128]),
    "command_timeouts": ("s188", [1, 8, 64, 512]),
    "reallocation_events": ("s196", [1, 4, 16, 64]),
    "pending_sectors": ("s197", [1, 2, 4, 8, 16, 32, 64, 256]),
    "uncorrectable_sectors": ("s198", [1, 4, 16, 64]),
    "spin_retries": ("s10", [1, 4]),
}
# Growth within so many days.
GROWTH = {
    7: {"reallocated_sectors": [1, 16, 128], "media_errors": [1, 4, 16, 64], "pending_sectors": [1, 8, 32]},
    30: {"reallocated_sectors": [1, 16, 128], "media_errors": [1, 4, 16, 64], "pending_sectors": [1, 8, 32]},
}
# Signs that confirm each other.
TOGETHER = [
    ["reallocated_sectors", "media_errors"],
    ["reallocated_sectors", "pending_sectors"],
    ["media_errors", "pending_sectors"],
    ["reallocated_sectors", "media_errors", "pending_sectors"],
]
MAKERS = {"ST": "Seagate", "WDC": "WDC", "HGST": "HGST", "Hitachi": "Hitachi"}
# How hard points are pulled towards none: of signs, of models, of makers.
RIDGE = (1.0, 2.0, 1.0)
ROUNDS = 3
# By time, instead of by drive: fitted before this day, judged after it.
CUT = "2015-07-01"
# Days since a count last grew, from where on each row of the chances holds.
SINCE = [0, 7, 30]
# More points than these are not told apart.
MOST = 5.0
HORIZONS = [30, 90]
# A model with fewer drives that show a sign is judged as its maker's others.
KNOWN_MODEL = 10


def load(path):
    d = pd.read_csv(path)
    d = d.sort_values(["serial", "poh_start"], kind="stable").reset_index(drop=True)
    d["s188"] = d.s188 % 65536
    drive = d.groupby("serial", sort=False)
    d["end"] = drive.poh_end.transform("max")
    d["failed"] = drive.fail.transform("max")
    d["maker"] = d.model.map(lambda m: next((v for k, v in MAKERS.items() if m.startswith(k)), "other"))
    d["fold"] = d.serial.map(lambda s: hashlib.sha256(str(s).encode()).digest()[1] % 5)
    d["date"] = pd.to_datetime(d.last_date) - pd.to_timedelta((d.end - d.poh_start), unit="h")
    d["first"] = drive.poh_start.transform("idxmin")
    return d


def before(d, hours):
    """The row that held so many hours before each row began; the first of the drive where none did."""
    start, first = d.poh_start.values, d["first"].values
    at, j = np.empty(len(d), int), 0
    for i in range(len(d)):
        j = i if first[i] == i else j
        while j < i and start[j + 1] <= start[i] - hours:
            j += 1
        at[i] = j
    return at


class Card:
    """The matrix of signs, one column each."""

    def __init__(self, d):
        self.d = d
        self.names, columns = [], []
        for name, (column, limits) in LEVELS.items():
            value = d[column].fillna(-1).values
            for limit in limits:
                self.names.append({"count": name, "from": limit})
                columns.append(value >= limit)
        for days, counts in GROWTH.items():
            ago = before(d, days * DAY)
            for name, limits in counts.items():
                value = d[LEVELS[name][0]].values
                grew = np.nan_to_num(value - value[ago], nan=0)
                for limit in limits:
                    self.names.append({"count": name, "grew_by": limit, "within_days": days})
                    columns.append(grew >= limit)
        for names in TOGETHER:
            self.names.append({"together": names})
            columns.append(np.all([d[LEVELS[name][0]].fillna(0).values > 0 for name in names], axis=0))
        self.signs = np.stack(columns, 1).astype(np.float64)
        self.any = (self.signs.sum(1) > 0).astype(float)
        self.models, self.makers = sorted(d.model.unique()), sorted(d.maker.unique())
        self.model = d.model.map({m: i for i, m in enumerate(self.models)}).values
        self.maker = d.maker.map({m: i for i, m in enumerate(self.makers)}).values

    def split(self, x):
        k, m = len(self.names), len(self.models)
        return x[0], x[1 : 1 + k], x[1 + k : 1 + k + m], x[1 + k + m :]

    def points(self, x):
        _, signs, models, makers = self.split(x)
        return self.signs @ signs + self.any * (models[self.model] + makers[self.maker])

    def worst(self, points, rows):
        at = np.flatnonzero(rows)
        return pd.Series(points[at], index=at).groupby(self.d.serial.values[at], sort=True).idxmax().values

    def regression(self, rows, x):
        A, y = self.signs[rows], self.d.failed.values[rows].astype(float)
        any_, model, maker = self.any[rows], self.model[rows], self.maker[rows]
        sizes = len(self.models), len(self.makers)

        def loss(x):
            b, signs, models, makers = self.split(x)
            z = b + A @ signs + any_ * (models[model] + makers[maker])
            rest = 1 / (1 + np.exp(-z)) - y
            value = np.sum(np.logaddexp(0, z) - y * z)
            value += sum(r * np.sum(part**2) / 2 for r, part in zip(RIDGE, (signs, models, makers)))
            slope = [[rest.sum()], A.T @ rest + RIDGE[0] * signs]
            slope.append(np.bincount(model, rest * any_, sizes[0]) + RIDGE[1] * models)
            slope.append(np.bincount(maker, rest * any_, sizes[1]) + RIDGE[2] * makers)
            return value, np.concatenate(slope)

        bounds = [(None, None)] + [(0, None)] * A.shape[1] + [(None, None)] * sum(sizes)
        return minimize(loss, x, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 400}).x

    def fit(self, rows):
        x = np.zeros(1 + len(self.names) + len(self.models) + len(self.makers))
        worst = self.worst(self.signs.sum(1), rows)
        for _ in range(ROUNDS):
            x = self.regression(worst, x)
            worst = self.worst(self.points(x), rows)
        return self.regression(worst, x)


def moments(card, x, rows):
    """Days on which drives are judged, with the points that held and the days since a count grew."""
    d, signs = card.d, card.split(x)[1]
    points = card.points(x)
    within = np.array([name.get("within_days", 10**9) for name in card.names])
    start, first, end = d.poh_start.values, d["first"].values, d.poh_end.values
    counts = d[[column for column, _ in LEVELS.values()]].fillna(-1).values
    grew = np.ones(len(d), bool)
    grew[1:] = (counts[1:] > counts[:-1]).any(axis=1)
    grew |= first == np.arange(len(d))
    rose = start[np.maximum.accumulate(np.where(grew, np.arange(len(d)), 0))]
    out = []
    # Between these days a row is judged once for all the days it stands for.
    steps = [0, 1, 3, 7, 14, 30, 60, 90, 180, 360]
    for n, day in enumerate(steps):
        until = steps[n + 1] if n + 1 < len(steps) else 10**9
        holds = rows & (start + day * DAY <= end) & ((end > start) | (day == 0))
        lost = card.signs[holds][:, within <= day] @ signs[within <= day]
        at = start[holds] + day * DAY
        days = np.minimum(until, (end[holds] - start[holds]) / DAY + 1) - day
        out.append(pd.DataFrame({
            "row": np.flatnonzero(holds), "points": points[holds] - lost, "since": (at - rose[holds]) / DAY,
            "left": (d.end.values[holds] - at) / DAY, "failed": d.failed.values[holds], "days": days,
            "any": card.any[holds], "maker": d.maker.values[holds],
        }))
    return pd.concat(out, ignore_index=True)


def chances(m, horizon):
    """The log-odds of failing within `horizon` days: intercept and slope for each row of SINCE, and what each maker adds."""
    known = m[((m.failed == 1) | (m.left >= horizon)) & (m.left >= 1) & (m["any"] > 0)]
    y = ((known.failed == 1) & (known.left <= horizon)).values.astype(float)
    p, w = np.minimum(known.points.values, MOST), known.days.values / known.days.sum() * len(known)
    since = np.searchsorted(SINCE, known.since.values, side="right") - 1
    makers = sorted(known.maker.unique())
    maker = known.maker.map({name: n for n, name in enumerate(makers)}).values
    n, k = len(SINCE), len(makers)

    def loss(x):
        a, b, c = x[:n], x[n : 2 * n], x[2 * n :]
        z = a[since] + b[since] * p + c[maker]
        rest = w * (1 / (1 + np.exp(-z)) - y)
        value = np.sum(w * (np.logaddexp(0, z) - y * z)) + RIDGE[2] * np.sum(c**2) / 2
        return value, np.concatenate([np.bincount(since, rest, n), np.bincount(since, rest * p, n), np.bincount(maker, rest, k) + RIDGE[2] * c])

    start = np.concatenate([np.full(n, -5.0), np.ones(n), np.zeros(k)])
    bounds = [(None, None)] * n + [(0, None)] * n + [(None, None)] * k
    x = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300}).x
    number = lambda v: float(round(v, 3))
    none = m[((m.failed == 1) | (m.left >= horizon)) & (m.left >= 1) & (m["any"] == 0)]
    quiet = float((none.days * ((none.failed == 1) & (none.left <= horizon))).sum() / none.days.sum())
    return {
        "since_days": SINCE,
        "log_odds": [[number(x[i]), number(x[n + i])] for i in range(n)],
        "most_points": MOST,
        "makers": {name: number(x[2 * n + i]) for i, name in enumerate(makers)},
        "without_signs": round(quiet, 5),
    }


def chance_of(m, table):
    since = np.searchsorted(SINCE, m.since.values, side="right") - 1
    a, b = np.array(table["log_odds"])[since].T
    z = a + b * np.minimum(m.points.values, MOST) + m.maker.map(table["makers"]).fillna(0).values
    return np.where(m["any"] > 0, 1 / (1 + np.exp(-z)), table["without_signs"])


def record(d, points, rows, rates=(0.005, 0.01, 0.02, 0.03, 0.05)):
    """Share of failing drives found a day ahead at each share of healthy drives ever alarmed."""
    lead = (d.end - d.poh_start).values
    counts = rows & ((d.failed.values == 0) | (lead >= DAY))
    best = pd.Series(np.where(counts, points, -np.inf)).groupby(d.serial.values, sort=True).max()
    failed = d.groupby("serial", sort=True).failed.first()
    healthy, failing = np.sort(best[failed == 0].values)[::-1], best[failed == 1].values
    out = []
    for rate in rates:
        limit = healthy[int(rate * len(healthy))]
        alarms = d[counts & (points > limit)].groupby("serial", sort=False).first()
        left = (alarms.end - alarms.poh_start) / DAY
        known = (alarms.failed == 1) | (left >= 90)
        right = (alarms.failed == 1) & (left <= 90)
        out.append({"false_alarms": rate, "found": round(float((failing > limit).mean()), 3), "limit": round(float(limit), 3),
                    "precision_90d": round(float(right[known].mean()), 2), "median_lead_days": round(float(left[alarms.failed == 1].median()))})
    return out


def reliability(m, p, horizon):
    known = ((m.failed == 1) | (m.left >= horizon)) & (m.left >= 1)
    y = ((m.failed == 1) & (m.left <= horizon)).values
    out = []
    for low, high in zip([0, 0.02, 0.05, 0.1, 0.25, 0.45, 0.65], [0.02, 0.05, 0.1, 0.25, 0.45, 0.65, 1.01]):
        is_in = known.values & (p >= low) & (p < high)
        w = m.days.values[is_in]
        if w.sum() > 0:
            out.append([low, round(float((w * p[is_in]).sum() / w.sum()), 3), round(float((w * y[is_in]).sum() / w.sum()), 3), int(w.sum())])
    return out


def five_folds(d, card, useful):
    """Points and chances of each drive by a card that was fitted on the other four fifths."""
    held = np.zeros(len(d))
    parts, everything = [], np.ones(len(d), bool)
    for fold in range(5):
        train, test = d.fold.values != fold, d.fold.values == fold
        x = card.fit(train & useful)
        held[test] = card.points(x)[test]
        m = moments(card, x, everything)
        inside, outside = m[train[m.row.values]], m[test[m.row.values]].copy()
        for horizon in HORIZONS:
            outside[f"p{horizon}"] = chance_of(outside, chances(inside, horizon))
        parts.append(outside)
    return held, pd.concat(parts, ignore_index=True)


def by_time(d, card):
    """The record after CUT of a card that was fitted on what was known on that day."""
    cut = pd.Timestamp(CUT)
    early = d[d.date < cut].copy()
    # Later failures had not happened.
    gone = pd.to_datetime(early.last_date) >= cut
    early.loc[gone, "failed"] = 0
    early = early.reset_index(drop=True)
    early["first"] = early.groupby("serial", sort=False).poh_start.transform("idxmin")
    early["end"] = early.groupby("serial", sort=False).poh_end.transform("max")
    past = Card(early)
    x = past.fit((early.failed.values == 0) | ((early.end - early.poh_start).values >= DAY))
    _, signs, models, makers = past.split(x)
    known, maker = dict(zip(past.models, models)), dict(zip(past.makers, makers))
    points = card.signs @ signs + card.any * (d.model.map(known).fillna(0).values + d.maker.map(maker).fillna(0).values)
    alive = (pd.to_datetime(d.last_date) >= cut).values
    after = alive & (d.date + pd.to_timedelta(d.poh_end - d.poh_start, unit="h") >= cut).values
    return record(d[alive].reset_index(drop=True), points[alive], after[alive])


def main():
    path, out = sys.argv[1:3]
    d = load(path)
    card = Card(d)
    everything = np.ones(len(d), bool)
    useful = (d.failed.values == 0) | ((d.end - d.poh_start).values >= DAY)
    held, m = five_folds(d, card, useful)
    unseen = {"five_folds": record(d, held, everything), "judged_after": CUT, "trained_before": by_time(d, card)}
    if "--check" in sys.argv:
        for horizon in HORIZONS:
            p = m[f"p{horizon}"].values
            print(f"within {horizon} d, [from, said, came true, drive-days]:", *reliability(m, p, horizon), sep="\n  ")
            for maker in sorted(m.maker.unique()):
                only = (m.maker == maker).values
                print(" ", maker, *reliability(m[only], p[only], horizon), sep="\n    ")
    x = card.fit(useful)
    _, signs, models, makers = card.split(x)
    m = moments(card, x, everything)
    shown = pd.Series(card.any, index=d.serial).groupby(level=0).max()
    failed = d.groupby("serial").failed.first()
    by_model = d.groupby("serial").model.first()[shown[shown > 0].index].value_counts()
    number = lambda v: float(round(v, 3))
    of_model = {name: number(models[i] + makers[card.maker[card.model == i][0]]) for i, name in enumerate(card.models)}
    tables = {str(h): chances(m, h) for h in HORIZONS}
    model = {
        "provenance": {
            "script": "tests/foresight/fit/drive_failure.py",
            "data": path.split("/")[-1],
            "sha256": hashlib.sha256(open(path, "rb").read()).hexdigest(),
            "drives": int(d.serial.nunique()),
            "failed": int(failed.sum()),
            "source": "Backblaze drive statistics 2013-04 to 2016-09, hard drives of one operator",
            "silent_of_100": round(100 * float((shown[failed[failed == 1].index] == 0).mean())),
            "unseen": unseen,
        },
        "signs": [{**name, "points": number(p)} for name, p in zip(card.names, signs) if p >= 0.0005],
        "models": {k: v for k, v in of_model.items() if by_model.get(k, 0) >= KNOWN_MODEL and abs(v) >= 0.0005},
        "makers": {k: number(v) for k, v in zip(card.makers, makers)},
        "chances": tables,
        "record": record(d, card.points(x), everything),
    }
    with open(out, "w") as file:
        json.dump(model, file, indent=1)
        file.write("\n")


main()
