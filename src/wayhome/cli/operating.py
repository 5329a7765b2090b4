"""The commands that run the house, as `main` offers them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.options import Force

app = typer.Typer(rich_markup_mode=None)
audit_app = typer.Typer(help="Whether anything was altered.", rich_markup_mode=None)
register_app = typer.Typer(help="Agencies, places and staff.", rich_markup_mode=None)
account_app = typer.Typer(help="Logins of staff.", rich_markup_mode=None)
node_app = typer.Typer(help="Partners' houses, and this one as they know it.", rich_markup_mode=None)
app.add_typer(node_app, name="node")
app.add_typer(audit_app, name="audit")
app.add_typer(register_app, name="register")
app.add_typer(account_app, name="account")

By = Annotated[str | None, typer.Option(metavar="NUMBER", help="The registrar who signs.")]
Countersigned = Annotated[str | None, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")]
Language = Annotated[str, typer.Option(metavar="LANG", help="Language of the pages: en, zh-hans, vi.")]


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; behind a proxy with TLS, nowhere but here.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Port.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, metavar="N", help="Processes.")] = 1,
) -> None:
    """Serve the pages and the API."""
    from wayhome.cli.serve import serve

    serve(host, port, workers)


@app.command()
def worker(
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
    every: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="Time between rounds.")] = 60.0,
    heads: Annotated[
        Path | None, typer.Option(metavar="FILE", envvar="WAYHOME_HEADS_FILE", help="Append signed audit heads to this file.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="PRIV", envvar="WAYHOME_HEADS_KEY", help="Private key that signs them.")
    ] = None,
    heads_every: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="Time between exports of heads.")] = 3600.0,
    node: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", envvar="WAYHOME_NODE", help="Of `wayhome node make`: messages to partners go out."),
    ] = None,
) -> None:
    """Raise what is overdue, round after round."""
    from wayhome.cli.worker import worker

    worker(once=once, every=every, heads=heads, key=key, heads_every=heads_every, node=node)


@app.command()
def door(
    node: Annotated[Path, typer.Option(metavar="FOLDER", envvar="WAYHOME_NODE", help="Of `wayhome node make`.")],
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Port.")] = 8443,
) -> None:
    """Let partners' houses bring their messages."""
    from wayhome.cli.door import door

    door(node, host, port)


@node_app.command("make")
def node_make(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made; its owner alone reads it.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="How partners call this house, such as CN-1.")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where partners reach its door: https://...")],
) -> None:
    """Keys and a certificate for this house, and its card for partners."""
    from wayhome.cli.node import make

    make(folder, code, address)


@node_app.command("register")
def node_register(
    path: Annotated[Path, typer.Argument(metavar="CARD.json", help="A partner's card.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
    agency: Annotated[str | None, typer.Option(metavar="CODE", help="Whose node it is, when it is new.")] = None,
) -> None:
    """Put a partner's card on the register; its keys count in place of those before."""
    from wayhome.cli.node import register

    register(path, agency, by, countersigned)


@node_app.command("new-key")
def node_new_key(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", envvar="WAYHOME_NODE", help="Of `wayhome node make`.")],
) -> None:
    """A later key that partners seal for; a supervisor tells them, and what came before stays readable."""
    from wayhome.cli.node import new_key

    new_key(folder)


@node_app.command("take-key")
def node_take_key(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The partner's node, which told a later key in a message.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
    node: Annotated[Path, typer.Option(metavar="FOLDER", envvar="WAYHOME_NODE", help="Of `wayhome node make`.")],
) -> None:
    """Put the later key that a partner told on the register, if the message still stands as the partner signed it."""
    from wayhome.cli.node import take_key

    take_key(code, node, by, countersigned)


@node_app.command("revoke")
def node_revoke(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The partner's node.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
) -> None:
    """Nothing is taken from a partner any more, and nothing sent."""
    from wayhome.cli.node import revoke

    revoke(code, by, countersigned)


@app.command()
def migrate() -> None:
    """Make or update the database, and put up its guards."""
    from wayhome.cli.migrate import migrate

    migrate()


@app.command()
def check() -> None:
    """What is wrong with this installation, and how to mend it."""
    from wayhome.cli.check import check

    check()


@app.command()
def backup(path: Annotated[Path, typer.Argument(metavar="PATH", help="Where to write the copy.")], force: Force = False) -> None:
    """Copy the database while it is in use, and verify the copy."""
    from wayhome.cli.backup import backup

    backup(path, force=force)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A copy made by `wayhome backup`.")],
    keys: Annotated[Path | None, typer.Option(metavar="FILE", help="The newest file of keys, if not the one beside it.")] = None,
    force: Force = False,
) -> None:
    """Put a verified copy in place of the database."""
    from wayhome.cli.backup import restore

    restore(path, keys=keys, force=force)


@audit_app.command("verify")
def audit_verify(
    heads: Annotated[Path | None, typer.Option(metavar="FILE", help="Heads that somebody else kept.")] = None,
    key: Annotated[Path | None, typer.Option(metavar="PUB", help="Public key that signed them.")] = None,
) -> None:
    """Check every event of every chain, and kept heads against them."""
    from wayhome.cli.audit import verify

    verify(heads, key)


@audit_app.command("export-heads")
def audit_export_heads(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Added to; another organisation keeps it.")],
    key: Annotated[Path, typer.Option(metavar="PRIV", help="Private key that signs.")],
) -> None:
    """Append the signed head of every chain to a file."""
    from wayhome.cli.audit import export_heads

    export_heads(path, key)


@audit_app.command("new-key")
def audit_new_key(
    path: Annotated[Path, typer.Argument(metavar="PRIV", help="The private part; PRIV.pub is the public one.")],
) -> None:
    """Make a key that signs heads."""
    from wayhome.cli.audit import new_key

    new_key(path)


@register_app.command("import")
def register_import(
    path: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Jurisdictions, agencies, facilities or staff.")],
    by: By = None,
    countersigned: Countersigned = None,
) -> None:
    """Put the rows of a table on a register: all of them or none."""
    from wayhome.cli.register import import_table

    import_table(path, by, countersigned)


@register_app.command("lab-key")
def register_lab_key(
    laboratory: Annotated[str, typer.Argument(metavar="CODE", help="The laboratory, by its code on the register.")],
    key: Annotated[Path, typer.Argument(metavar="KEY.pub", help="Its public Ed25519 key, in PEM.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
) -> None:
    """From now on a laboratory's files come signed with this key."""
    from wayhome.cli.register_laboratory import lab_key

    lab_key(laboratory, key, by, countersigned)


@register_app.command("staff-profiles")
def register_staff_profiles(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Profiles in any format; samples are called by staff numbers.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
) -> None:
    """Profiles of those who handle samples, so that their own is told from what they handle: all of the file or none."""
    from wayhome.cli.register_laboratory import staff_profiles

    staff_profiles(path, by, countersigned)


@register_app.command("end")
def register_end(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="facility, staff or staff-profile.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the place, or number of the member of staff.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who signs.")],
    countersigned: Annotated[str, typer.Option(metavar="NUMBER", help="The registrar who countersigns.")],
) -> None:
    """A place takes no child in any more, a member of staff signs nothing; or their profile is erased."""
    from wayhome.cli.register import end

    end(what, code, reason, by, countersigned)


@account_app.command("open")
def account_open(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the member of staff.")], language: Language = "en"
) -> None:
    """A login with a password that is told once."""
    from wayhome.cli.register_logins import open_account

    open_account(number, language)


@account_app.command("reset-password")
def account_reset_password(
    login: Annotated[str, typer.Argument(metavar="LOGIN", help="Whose password was forgotten.")],
    by: Annotated[str, typer.Option(metavar="NUMBER", help="The administrator who gives it anew.")],
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Take off the second factor too: the telephone or key is lost.")
    ] = False,
) -> None:
    """Another first password, told once; whoever is logged in as that person is out."""
    from wayhome.cli.register_logins import reset_password

    reset_password(login, by, second_factor=second_factor)
