"""Clusters by average linkage."""

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from sorterd.suggest.linkage import average_linkage


@pytest.mark.parametrize("count", [2, 7, 60, 200])
@pytest.mark.parametrize("least", [-2.0, 0.1, 0.4, 0.9])
def test_clusters_are_those_of_scipy(count: int, least: float) -> None:
    rows = np.random.default_rng(count).normal(size=(count, 4))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    distances = 1.0 - rows @ rows.T
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform((distances + distances.T) / 2, checks=False), "average")
    theirs, ours = fcluster(tree, 1.0 - least, "distance"), average_linkage(rows, least)
    assert len(set(zip(theirs, ours, strict=True))) == len(set(theirs)) == len(set(ours))


def test_equal_rows_end_in_one_cluster_each_and_ties_do_not_go_round_in_circles() -> None:
    rows = np.repeat(np.eye(3), 40, axis=0)
    assert np.bincount(average_linkage(rows, 0.5), minlength=1)[[0, 40, 80]].tolist() == [40, 40, 40]
    assert len(set(average_linkage(np.zeros((30, 2)), 0.0))) == 1
    assert len(set(average_linkage(np.zeros((30, 2)), 0.1))) == 30


def test_a_cluster_is_called_by_its_first_row() -> None:
    rows = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert average_linkage(rows, 0.5).tolist() == [0, 1, 1, 0]
    assert average_linkage(rows[:0], 0.5).tolist() == []
    assert average_linkage(rows[:1], 0.5).tolist() == [0]
