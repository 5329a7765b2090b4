# `just` lists the recipes. Everything runs through uv, so nothing needs to be installed first but uv and just.

_list:
    @just --list --unsorted

# make the environment
setup:
    uv sync

# style and likely mistakes
lint:
    uv run ruff check
    uv run ruff format --check

# mypy, strict
types:
    uv run mypy

# who may import whom (.importlinter)
contracts:
    uv run lint-imports --no-logo

# the tests; arguments go to pytest
test *arguments:
    uv run pytest {{ arguments }}

# what CI runs
ci:
    .ci/run

# every test, the slow ones too, with many more examples for each property; then what has a database on PostgreSQL too
nightly *arguments:
    HYPOTHESIS_PROFILE=nightly WAYHOME_MACHINE_EXAMPLES=1250 WAYHOME_RETURN_EXAMPLES=1000 WAYHOME_FUZZ_EXAMPLES=2000 \
        uv run pytest -m "" {{ arguments }}
    WAYHOME_TEST_DATABASE=postgresql uv run pytest tests/casework tests/api tests/trust {{ arguments }}

# how fast likelihoods are computed on this machine; --json for figures alone
bench *arguments:
    uv run python benchmarks/likelihood.py {{ arguments }}

# the shipped example, searched and printed
demo:
    uv run wayhome demo

# move the fragments of changelog.d/ into CHANGELOG.md under the version of src/wayhome/__init__.py
changelog:
    uvx towncrier@26.9.0 build

# translations: new messages come into the catalogues, .mo files are written
messages:
    uv run python tests/factories/catalogues.py

# pictures of every page, phone and desk, in three languages, into screenshots/; --dark, --phone, --vi ... (needs Chromium)
screenshots *arguments:
    uv run python tests/web/screenshots.py {{ arguments }}
