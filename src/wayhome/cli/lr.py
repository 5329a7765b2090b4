"""`wayhome lr`: the exact likelihood ratio of stated hypotheses."""

from __future__ import annotations

from pathlib import Path

from wayhome import kinship
from wayhome.cli.answers import number, numbers, print_json
from wayhome.cli.ratios import Result, compute


def lr(path: Path, *, as_json: bool, convention: kinship.Convention) -> None:
    """Compute a file of cases and tell the results.

    Raises
    ------
    InputError
        before anything is computed.
    TooComplex
        naming the cases that were refused; the others are told all the same.
    """
    results: list[Result] = []
    refused: list[kinship.TooComplex] = []
    for case in kinship.read_cases(path):
        try:
            results.append(compute(case, convention))
        except kinship.TooComplex as error:
            refused.append(error)
    if results and as_json:
        print_json({"results": [_answer(result) for result in results]})
    elif results:
        from wayhome.cli.case_report import print_cases

        print_cases(results, convention)
    if refused:
        first = refused[0]
        if len(refused) > 1:
            first.problem += f"; {len(refused) - 1} more of the cases are refused likewise"
        raise first


def _answer(result: Result) -> dict[str, object]:
    return {
        "id": result.case.id,
        "log10_lr": number(result.log10_lr),
        "loglik": {hypothesis: numbers(logs) for hypothesis, logs in result.log_likelihoods.items()},
    }
