"""What can be typed after `wayhome`, and how it ends.

| exit code | meaning                                                                                            |
|-----------|----------------------------------------------------------------------------------------------------|
| 0         | done; that no family was found is a result too                                                     |
| 1         | a mistake of this program: the traceback is shown, with the request to report it                   |
| 2         | an input, or what was typed, cannot be used; one line says what, where and how to mend it          |
| 3         | the exact answer would cost more than is allowed                                                   |
| 130       | interrupted from the keyboard                                                                      |
| 141       | whoever read the output has gone                                                                   |
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer.main import get_command

from wayhome import __version__
from wayhome.cli import operating
from wayhome.cli.options import (
    AsJson,
    Convention,
    Encoding,
    Force,
    Loci,
    Mutation,
    Range,
    Rate2,
    RateFemale,
    RateMale,
    Theta,
)
from wayhome.cli.together import duplicates, joint, relatives

DONE, BUG, BAD_INPUT, TOO_COMPLEX, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 3, 130, 141

app = typer.Typer(
    help="""Find the families of rescued children by exact DNA kinship.

    New here? `wayhome demo` searches a small example and explains what it prints.""",
    epilog="Exit codes: 0 done, 2 an input cannot be used, 3 an exact answer would cost too much, 130 interrupted.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"wayhome {__version__}")
        raise typer.Exit


@app.callback()
def _all_commands(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    pass


@app.command()
def lr(
    case: Annotated[Path, typer.Argument(metavar="CASE.json", help="One case, a list of cases, or an object with `cases`.")],
    json: AsJson = False,
    convention: Convention = "as_written",
    pruned: Annotated[bool, typer.Option("--pruned", help="Short for --convention pruned.")] = False,
) -> None:
    """Likelihood ratio of stated hypotheses, locus by locus."""
    from wayhome.cli.lr import lr

    lr(case, as_json=json, convention="pruned" if pruned else convention)


@app.command()
def find(
    children: Annotated[Path, typer.Option(metavar="PROFILES", help="Profiles of the rescued children, in any format.")],
    families: Annotated[
        Path | None, typer.Option(metavar="FAMILIES", help="A folder or table of pedigrees, or .fam, .ped, NIEM.")
    ] = None,
    population: Annotated[
        list[str] | None, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies; several: the least LR counts.")
    ] = None,
    index: Annotated[
        Path | None, typer.Option(metavar="DIR", help="An index (`wayhome index`), in place of families and population.")
    ] = None,
    family_profiles: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The relatives' profiles, where not beside the pedigrees.")
    ] = None,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    silent: Annotated[float, typer.Option(metavar="F", help="Frequency of a silent allele at every locus.")] = 0.0,
    minimum_count: Annotated[float, typer.Option(metavar="C", help="Least allele frequency is C / 2N.")] = 5.0,
    loci: Loci = None,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="Families listed of each child.")] = 10,
    min_lr: Annotated[float, typer.Option(metavar="LR", help="List no family below this LR; 0 lists all.")] = 100.0,
    encoding: Encoding = None,
    json: AsJson = False,
    csv: Annotated[Path | None, typer.Option(metavar="OUT", help="Write the list as a table, its provenance beside it.")] = None,
    force: Force = False,
) -> None:
    """Every child against every family, ranked by exact LR."""
    from wayhome.cli.find import find
    from wayhome.cli.models import Assumptions
    from wayhome.cli.searching import Search

    assumptions = Assumptions(
        theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2, silent, minimum_count
    )
    search = Search(children, families, family_profiles, tuple(population or ()), assumptions, loci, top, min_lr, encoding, index)
    find(search, as_json=json, csv_path=csv, force=force)


@app.command(
    epilog="""Kinds of family: couple, mother, father, mother and two siblings, two siblings, mother and half-brother, two
    grandparents and aunt, three generations, first-cousin marriage."""
)
def simulate(
    out: Annotated[Path, typer.Argument(metavar="OUT_FOLDER", help="Folder to make.")],
    families: Annotated[int, typer.Option(min=1, max=1_000_000, metavar="N", help="How many families.")],
    population: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies.")],
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="Equal seeds make equal bases.")],
    kit: Annotated[str | None, typer.Option(metavar="KIT", help="Type the autosomal loci of this kit (`wayhome kits`).")] = None,
    loci: Loci = None,
    shapes: Annotated[
        str | None, typer.Option(metavar="MIX", help='Kinds of family with weights, such as "couple=0.7,mother=0.3".')
    ] = None,
    typed: Annotated[float, typer.Option(metavar="SHARE", help="Share of loci read in each profile.")] = 1.0,
    unrelated: Annotated[int, typer.Option(min=0, max=1_000_000, metavar="M", help="Children without a family among these.")] = 0,
    found: Annotated[float, typer.Option(metavar="SHARE", help="Share of families whose child is among the children.")] = 1.0,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    encoding: Encoding = None,
    force: Force = False,
) -> None:
    """Make up families and children by gene dropping."""
    from wayhome.cli.models import Assumptions
    from wayhome.cli.simulate import Plan, simulate

    assumptions = Assumptions(theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2)
    simulate(
        out, Plan(families, population, seed, kit, loci, shapes, typed, unrelated, found, encoding), assumptions, force=force
    )


@app.command(
    epilog="""Formats: families (a folder, or OUT.csv with OUT.profiles.csv), ped, niem, familias; table, wide, genemapper, codis,
    genis; frequencies, strider. An ending says: .csv a table of what IN holds; .ped; .fam familias; .txt genemapper; .xml niem of
    families, codis of profiles, strider of frequencies; no ending a folder of families."""
)
def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="A file, a folder of family tables, or a shipped population.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Where to; its ending says the format unless --to does.")],
    to: Annotated[str | None, typer.Option(metavar="FORMAT", help="The format, see below.")] = None,
    encoding: Encoding = None,
    population: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="familias: the frequencies that go into the project.")
    ] = None,
    category: Annotated[str | None, typer.Option(metavar="TEXT", help="codis, genis: specimen category of all samples.")] = None,
    laboratory: Annotated[str | None, typer.Option(metavar="ORI", help="codis: source laboratory.")] = None,
    destination: Annotated[str | None, typer.Option(metavar="ORI", help="codis: destination.")] = None,
    user: Annotated[str | None, typer.Option(metavar="NAME", help="codis: who submits; genis: the assignee.")] = None,
    force: Force = False,
) -> None:
    """From one file format to another, telling what is lost."""
    from wayhome.cli.convert import Wanted, convert

    convert(source, Wanted(out, to, encoding, population, category, laboratory, destination, user), force=force)


@app.command()
def kits(
    kit: Annotated[str | None, typer.Argument(metavar="[KIT]", help="One kit, with its loci.")] = None, json: AsJson = False
) -> None:
    """The kits that are shipped, with their loci and sources."""
    from wayhome.cli.shipped import kits

    kits(kit, as_json=json)


@app.command()
def populations(
    name: Annotated[str | None, typer.Argument(metavar="[NAME_OR_FILE]", help="One table, locus by locus.")] = None,
    encoding: Encoding = None,
    json: AsJson = False,
) -> None:
    """The allele frequency tables that are shipped."""
    from wayhome.cli.shipped import populations

    populations(name, encoding, as_json=json)


@app.command()
def demo(
    db: Annotated[str | None, typer.Option(metavar="PATH", help="Keep the records here, a new file; by default nowhere.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Then open the pages on it, with logins for every role.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Port, with --serve.")] = 8000,
    families: Annotated[int, typer.Option(min=0, metavar="N", help="Couples in the old base that is searched.")] = 10_000,
    json: AsJson = False,
) -> None:
    """Replay two rescues and the children's ways home, explained."""
    from wayhome.cli.demo import demo

    demo(db, as_json=json, port=port if serve else None, families=families)


@app.command()
def power(
    families: Annotated[Path, typer.Option(metavar="FAMILIES", help="A folder or table of pedigrees, or .fam, .ped, NIEM.")],
    population: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies.")],
    family: Annotated[list[str] | None, typer.Option(metavar="ID", help="This family; may be given several times.")] = None,
    base: Annotated[int | None, typer.Option(min=1, metavar="N", help="Families in the base; by default those given.")] = None,
    children: Annotated[int, typer.Option(min=1, metavar="M", help="Children searched.")] = 1,
    in_base: Annotated[float, typer.Option(metavar="P", help="Prior that a child's family is in the base.")] = 0.5,
    advise: Annotated[
        bool | None, typer.Option("--advise/--no-advise", help="Say what would help; by default for one family alone.")
    ] = None,
    family_profiles: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The relatives' profiles, where not beside the pedigrees.")
    ] = None,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    loci: Loci = None,
    encoding: Encoding = None,
    json: AsJson = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="OUT", help="Draw the distributions of one family, as .svg or .png.")
    ] = None,
    force: Force = False,
) -> None:
    """What a search can expect of a family, and what to do next."""
    from wayhome.cli.models import Assumptions
    from wayhome.cli.power import Question, power

    assumptions = Assumptions(theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2)
    question = Question(
        families,
        family_profiles,
        tuple(family or ()),
        population,
        assumptions,
        loci,
        base,
        children,
        in_base,
        advise,
        encoding,
    )
    power(question, as_json=json, plot=plot, force=force)


for command in (joint, duplicates, relatives):
    app.command()(command)

index_app = typer.Typer(help="Families compiled on disk, for large bases.", rich_markup_mode=None)
app.add_typer(index_app, name="index")
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The index.")]
FamilyProfiles = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The relatives' profiles, where not beside the pedigrees.")
]
Families = Annotated[Path, typer.Option(metavar="FAMILIES", help="A folder or table of pedigrees, or .fam, .ped, NIEM.")]


@index_app.command("build")
def index_build(
    folder: Folder,
    families: Families,
    population: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies.")],
    family_profiles: FamilyProfiles = None,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    silent: Annotated[float, typer.Option(metavar="F", help="Frequency of a silent allele at every locus.")] = 0.0,
    minimum_count: Annotated[float, typer.Option(metavar="C", help="Least allele frequency is C / 2N.")] = 5.0,
    loci: Loci = None,
    encoding: Encoding = None,
) -> None:
    """Make a new index of families."""
    from wayhome.cli.index import build
    from wayhome.cli.models import Assumptions

    assumptions = Assumptions(
        theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2, silent, minimum_count
    )
    build(folder, families, family_profiles, population, assumptions, loci, encoding)


@index_app.command("add")
def index_add(
    folder: Folder,
    families: Families,
    family_profiles: FamilyProfiles = None,
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of families of the same id.")] = False,
    encoding: Encoding = None,
) -> None:
    """Add families, or replace corrected ones."""
    from wayhome.cli.index import add

    add(folder, families, family_profiles, encoding, replace=replace)


@index_app.command("forget")
def index_forget(
    folder: Folder, families: Annotated[list[str], typer.Argument(metavar="FAMILY...", help="Ids of families.")]
) -> None:
    """Take families out of every search, as for withdrawn consent; `compact` takes them off the disk."""
    from wayhome.cli.index import forget

    forget(folder, families)


@index_app.command("compact")
def index_compact(folder: Folder) -> None:
    """Write what is left anew and delete the rest; searches go on meanwhile."""
    from wayhome.cli.index import compact

    compact(folder)


@index_app.command("verify")
def index_verify(folder: Folder) -> None:
    """Check every file against its digest."""
    from wayhome.cli.index import verify

    verify(folder)


@index_app.command("stats")
def index_stats(folder: Folder, json: AsJson = False) -> None:
    """What an index holds."""
    from wayhome.cli.index import stats

    stats(folder, as_json=json)


app.add_typer(operating.app)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : what was typed after `wayhome`; by default those of the process.

    Returns
    -------
    int
        the exit code, see above.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot show must not end the program.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _invoked((sys.argv[1:] if arguments is None else list(arguments)) or ["--help"])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _failed(INTERRUPTED, "interrupted; nothing more was written")
    except BrokenPipeError:
        # Nobody reads on. What is still in the buffer would fail again when Python flushes it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return _failed(BAD_INPUT, f"error: {where}{error.strerror or error}")
    except Exception:
        traceback.print_exc()
        return _failed(BUG, f"this is a mistake of wayhome {__version__}, not yours. Please report the lines above")


def _invoked(arguments: list[str]) -> int:
    command = get_command(app)
    try:
        with command.make_context("wayhome", arguments) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except typer.TyperException as error:
        return _misused(error)
    except Exception as error:
        from wayhome import kinship

        if isinstance(error, kinship.TooComplex):
            return _failed(TOO_COMPLEX, f"error: {error}")
        if isinstance(error, kinship.KinshipError):
            return _failed(BAD_INPUT, f"error: {error}")
        raise
    return DONE


def _misused(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "wayhome"
    return _failed(BAD_INPUT, f"error: {error.format_message().rstrip('.')}. See `{path} --help`")


def _failed(code: int, message: str) -> int:
    """One line on standard error."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in message).split())
    print(f"wayhome: {line}", file=sys.stderr)
    return code
