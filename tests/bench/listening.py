"""How well monitoring hears: measured on labelled data that lies beside the checkout, in ../shared."""

import csv
import json
import runpy
import statistics
import sys
import tempfile
from collections import deque
from pathlib import Path

from django.core.management import call_command

from .figures import figure, line

SHARED = Path(__file__).parents[3] / "shared"
SPIKES, SCORER = SHARED / "data" / "spikes", SHARED / "tools" / "score_spikes.py"
DAY = 288
SIGMAS = 5  # the plain rule beside it: so many standard deviations above the mean of the past day
GOALS = {"standard": 85, "reward_low_FP": 76, "false_episodes_per_brand_week": 0.4}
NAMES = {
    "standard": ("spikes.standard", "points"),
    "reward_low_FP": ("spikes.low_fp", "points"),
    "false_episodes_per_brand_week": ("spikes.false_per_week", "per brand and week"),
}


def left_out(what, missing) -> None:
    print(f"LEFT OUT: {what}: {missing} is not there", file=sys.stderr, flush=True)


def plain_scores(values):
    past = deque(maxlen=DAY)
    for value in values:
        usual = len(past) == DAY and statistics.fmean(past) + SIGMAS * statistics.pstdev(past)
        yield int(usual is not False and value > usual)
        past.append(value)


def plain(file: Path, *, out: Path) -> None:
    with file.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    scores = plain_scores([float(row["value"]) for row in rows])
    lines = [f"{row['timestamp']},{row['value']},{score}" for row, score in zip(rows, scores, strict=True)]
    out.write_text("\n".join(["timestamp,value,anomaly_score", *lines]) + "\n")


def ours(file: Path, *, out: Path) -> None:
    call_command("backtest_spikes", str(file), out=out)


def judged(detect) -> dict:
    """What the scorer says of all brands, by the files that a user of the command would get."""
    score = runpy.run_path(str(SCORER))
    windows = json.loads((SPIKES / "windows.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        for name in windows:
            detect(SPIKES / f"{name}.csv", out=Path(folder) / f"{name}.csv")
        rows = {name: score["rows_of"](Path(folder) / f"{name}.csv") for name in windows}
    result = {}
    for profile, weights in score["PROFILES"].items():
        parts = [score["score_file"](rows[name], windows[name], 0.5, weights) for name in windows]
        raw, labelled, _, episodes, days = (sum(part[i] for part in parts) for i in range(5))
        nothing, perfect = -labelled * weights[2], labelled * weights[0]
        result[profile] = 100 * (raw - nothing) / (perfect - nothing)
        result["false_episodes_per_brand_week"] = 7 * episodes / days
    return result


@figure
def spikes():
    """Alarms on five labelled brands against so many standard deviations above the past day."""
    missing = next((path for path in (SPIKES / "windows.json", SCORER) if not path.exists()), None)
    if missing:
        return left_out("spikes.*", f"../shared/{missing.relative_to(SHARED)}")
    found, beside = judged(ours), judged(plain)
    for key, (name, unit) in NAMES.items():
        yield line(name, found[key], unit, beside[key], GOALS[key])
