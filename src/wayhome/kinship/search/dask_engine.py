"""Shards on the machines of a Dask cluster (`wayhome[cluster]`), for bases that one machine does not hold.

Workers get the path of a shard and the rows to sum, never the data: every worker must see the index under the same path. A worker
that dies has its shards screened by another; the answer is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.search.engine import Engine, Question, answer

if TYPE_CHECKING:
    from distributed import Client

RETRIES = 5


def dask_engine(client: Client) -> Engine:
    """An engine on a cluster.

    Parameters
    ----------
    client : a connected `distributed.Client`.
    """

    def run(questions: Sequence[Question]) -> Iterator[IntArray]:
        futures = client.map(answer, questions, pure=False, retries=RETRIES)
        for future in futures:
            yield future.result()

    return run
