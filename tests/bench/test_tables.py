from bench.tables import Goal, Table

TABLE = Table(
    "Turns", ["way", "p50"], [["我们", 1.25], ["stock", 10]], ["noted"], [Goal("quick", met=False)]
)


def test_the_columns_of_a_table_line_up_though_chinese_is_wider() -> None:
    lines = TABLE.as_text().splitlines()

    assert lines[2:6] == [
        "| way   | p50 |",
        "| ----- | --: |",
        "| 我们  | 1.2 |",
        "| stock |  10 |",
    ]


def test_a_goal_that_was_missed_says_so() -> None:
    assert "- MISSED: quick" in TABLE.as_text()


def test_a_program_reads_each_row_by_its_columns() -> None:
    assert TABLE.as_dict()["rows"] == [{"way": "我们", "p50": 1.25}, {"way": "stock", "p50": 10}]
    assert TABLE.as_dict()["goals"] == [{"text": "quick", "met": False}]
