"""Which entries and mentions are one person, as somebody judged with a reason: never by a machine, always undoable.

    judged(view.table("decision"), people)   -> the standing judgement on every pair
    clusters(judgements)                     -> entries judged the same, and judgements that contradict each other
    counted(people, judgements)              -> how many people, and on how many links that number rests
    worklist(pairs, judgements)              -> the pairs whose judgement would tell most

Pure: tables in, tables out.
"""

from onrecord.people.clusters import cluster_of, clusters, conflicts, counted
from onrecord.people.judgements import judged
from onrecord.people.worklist import worklist

__all__ = ["cluster_of", "clusters", "conflicts", "counted", "judged", "worklist"]
