"""The score of a suite of cases as text."""

from collections.abc import Iterator, Sequence

from tocsin.investigation.diagnosis.evaluation.scoring import Result, Scaled, Score, grouped, scaled, score
from tocsin.investigation.diagnosis.report import label


def render_scores(results: Sequence[Result]) -> str:
    """Return what went wrong case by case, tables by label and source, and how far confidences can be believed."""
    total = score(results)
    parts = [
        "\n".join(_wrong(results)) or "Every truth ranks first.",
        "\n".join(_table("label", grouped(results, lambda one: one.label))),
        "\n".join(_table("source", grouped(results, lambda one: one.source))),
        "\n".join(_reliability(total)),
        "\n".join((*_summary(total), _scaling(scaled(results)))),
    ]
    return "\n\n".join(part for part in parts if part)


def _wrong(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        if not one.right:
            said = f"{one.cause} of {one.subject} at {one.confidence:.2f}" if one.cause else one.outcome
            alarm = "  WRONG AT HIGH" if one.claimed and label(one.confidence) == "high" else ""
            rank = f"ranks {one.place}" if one.place else "is not named"
            yield f"{one.case}  {one.label or one.source}: the truth {rank}; first is {said}{alarm}"


def _table(title: str, groups: dict[str, list[Result]]) -> Iterator[str]:
    if len(groups) < 2:
        return
    width = max(len(title), *(len(name) for name in groups))
    yield f"{title:{width}}  cases  first  top 3  wrong at high"
    for name, held in groups.items():
        got = score(held)
        yield f"{name or '-':{width}}  {got.cases:5}  {got.first:5}  {got.top_3:5}  {got.wrong_at_high:13}"


def _reliability(total: Score) -> Iterator[str]:
    yield "confidence   cases  right  said  were  95 % interval"
    for band in total.reliability:
        low, high = band.interval
        yield (
            f"{band.low:.2f}–{band.high:.2f}    {band.cases:5}  {band.right:5}  {band.mean:.2f}  {band.share:.2f}"
            f"  {low:.2f}–{high:.2f}"
        )


def _summary(total: Score) -> Iterator[str]:
    yield f"cases           {total.cases}"
    yield f"right first     {total.first} ({total.accuracy_at_1:.3f})"
    yield f"right in top 3  {total.top_3} ({total.accuracy_at_3:.3f})"
    yield f"inconclusive    {total.inconclusive}"
    yield f"wrong at high   {total.wrong_at_high} of {total.high}"
    yield f"right and high  {total.right_that_are_high:.3f} of the right answers"
    yield f"Brier           {_number(total.brier)}, skill {_number(total.brier_skill)}"
    yield f"log loss        {_number(total.log_loss)}, skill {_number(total.log_loss_skill)}"
    yield f"milliseconds    median {total.median_ms:.1f}, p95 {total.p95_ms:.1f}"


def _scaling(fitted: Scaled) -> str:
    return (
        f"if scaled       Brier {_number(fitted.brier)}, log loss {_number(fitted.log_loss)} in ten folds;"
        f" slope {fitted.slope:.2f}, shift {fitted.shift:+.2f}"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
