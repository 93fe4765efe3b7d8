#!/usr/bin/env python3
"""Other libraries on the files of a yardstick: beside.py scipy|pandana FOLDER [WORKLOAD]

Prints seconds of processor time on one thread, the number of answers and their sum in millimetres, like `yardstick run
FOLDER`. What takes too long on a large graph is done for a part that the line names, and scaled."""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import numpy as np

WALK_MM = 1_080_000


class Folder:
    """The files that `yardstick lay` writes."""

    def __init__(self, path):
        self.path = path
        graph = self.numbers("graph.bin")
        self.nodes, edges = int(graph[0]), int(graph[1])
        self.tails, self.heads, self.mm = graph[2 : 2 + 3 * edges].reshape(3, edges)
        self.places = graph[2 + 3 * edges :].view("<f4").reshape(self.nodes, 2).astype(float)
        services = self.numbers("cats.bin")
        counts = services[1 : 1 + services[0]]
        self.services = np.split(services[1 + services[0] :], np.cumsum(counts)[:-1])

    def numbers(self, file):
        return np.fromfile(os.path.join(self.path, file), "<u4")


def say(name, work, part=1, whole=1):
    """Runs `work` and prints a line; `work` gives answers in millimetres, for `part` of `whole` questions."""
    if len(sys.argv) > 3 and not name.startswith(sys.argv[3]):
        return
    start = time.process_time()
    answers = work()
    seconds = (time.process_time() - start) * whole / part
    line = f"{name:<34} {seconds:>12.6f} s"
    if answers is not None:
        answers = np.rint(answers)
        line += f"  {answers.size:>9} answers  {int(answers.sum()):>15} mm"
    if part < whole:
        line += f"  {part} of {whole}, scaled"
    print(line, flush=True)


def scipy(folder):
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    ends = np.r_[folder.tails, folder.heads], np.r_[folder.heads, folder.tails]
    lengths = np.r_[folder.mm, folder.mm].astype(float)
    graph = csr_matrix((lengths, ends), (folder.nodes, folder.nodes))
    large = folder.nodes > 200_000

    def nearest():
        services = (dijkstra(graph, indices=sites, min_only=True) for sites in folder.services)
        return np.concatenate([costs[np.isfinite(costs)] for costs in services])

    def between(origins, targets, limit):
        rows = (dijkstra(graph, indices=origins[at : at + 50], limit=limit) for at in range(0, len(origins), 50))
        return np.concatenate([(found := row[:, targets])[np.isfinite(found)] for row in rows])

    say("W1 one-off", nearest)
    origins, targets = folder.numbers("w2o_big.bin"), folder.numbers("w2f_big.bin")
    part = origins[:50] if large else origins[:1000]
    say("W2 one-off", lambda: between(part, targets, WALK_MM), len(part), len(origins))
    origins, targets = folder.numbers("w5o.bin"), folder.numbers("w5f.bin")
    part = origins[:10] if large else origins[:100]
    say("W5", lambda: between(part, targets, np.inf), len(part), len(origins))


def pandana(folder):
    import pandas
    import pandana

    east, north = (pandas.Series(column) for column in folder.places.T)
    metres = pandas.DataFrame({"metres": folder.mm / 1000.0})
    tails, heads = pandas.Series(folder.tails.astype(np.int64)), pandas.Series(folder.heads.astype(np.int64))
    start = time.process_time()
    network = pandana.Network(east, north, tails, heads, metres)
    print(f"{'network':<34} {time.process_time() - start:>12.6f} s", flush=True)
    large = folder.nodes > 200_000
    services = folder.services[::3] if large else folder.services
    share = len(services), len(folder.services)
    limit = WALK_MM / 1000.0

    def place():
        for at, sites in enumerate(services):
            network.set_pois(str(at), limit, 3, east.iloc[sites], north.iloc[sites])

    def nearest(services, ranks):
        found = [network.nearest_pois(limit, str(at), num_pois=ranks, max_distance=np.inf) for at in services]
        metres = np.concatenate([table.to_numpy()[:, :ranks].ravel() for table in found])
        return metres[metres < limit] * 1000.0

    say("W1 facilities placed", place, *share)
    say("W1 within 1080 m", lambda: nearest(range(len(services)), 1), *share)
    ten = range(len(services)) if large else range(0, 30, 3)
    say("W6 within 1080 m", lambda: nearest(ten, 3))
    origins, targets = folder.numbers("w5o.bin"), folder.numbers("w5f.bin")
    part = origins[:100]
    pairs = np.repeat(part, len(targets)).astype(np.int64), np.tile(targets, len(part)).astype(np.int64)
    between = lambda: np.array(network.shortest_path_lengths(*pairs)) * 1000.0
    say("W5", between, len(part), len(origins))


if len(sys.argv) < 3 or sys.argv[1] not in ("scipy", "pandana"):
    sys.exit(__doc__)
{"scipy": scipy, "pandana": pandana}[sys.argv[1]](Folder(sys.argv[2]))
