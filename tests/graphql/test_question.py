"""What a question means that leaves something out."""

from __future__ import annotations

from simulator.graphql.question import Question


def test_a_question_means_the_only_operation_and_gives_no_variables_unless_it_says_so():
    assert Question("{ a }") == Question("{ a }", {}, None)
