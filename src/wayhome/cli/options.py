"""Options that several commands take, and what they may be."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Convention = Annotated[
    Literal["as_written", "pruned"],
    typer.Option(help="What untyped founders pass on; pruned takes out those with one child first."),
]
MutationKind = Literal["none", "equal", "proportional", "onestep", "stepwise"]
"""Mutation models that need no matrix."""

Mutation = Annotated[MutationKind, typer.Option("--mutation", help="Mutation model.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Encoding = Annotated[
    str | None, typer.Option(metavar="NAME", help="Encoding of text files, such as gb18030; by default UTF-8 or what a BOM says.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]
Loci = Annotated[str | None, typer.Option(metavar="A,B", help="These loci only, parted by commas.")]
Theta = Annotated[float, typer.Option(metavar="X", help="Coancestry of the population, such as 0.01.")]
RateFemale = Annotated[
    float | None, typer.Option("--mutation-rate-female", metavar="R", help="Per maternal meiosis [default: 0.0005].")
]
RateMale = Annotated[
    float | None, typer.Option("--mutation-rate-male", metavar="R", help="Per paternal meiosis [default: 0.002].")
]
Range = Annotated[float | None, typer.Option("--mutation-range", metavar="R", help="Weight of each further step [default: 0.1].")]
Rate2 = Annotated[
    float | None, typer.Option("--mutation-rate2", metavar="R", help="Stepwise: between microvariants [default: 1e-6].")
]
