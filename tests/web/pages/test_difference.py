"""How attributes differ."""

from tocsin.deployments.terraform.plan import Attribute
from tocsin.web.pages import difference
from tocsin.web.pages.difference import DiffLine, differences


def lines(*attributes: Attribute) -> list[DiffLine]:
    return list(differences(attributes))


def test_each_attribute_is_a_line_with_its_sign() -> None:
    found = lines(Attribute("a", None, "1"), Attribute("b", "1", None), Attribute("c", '"x"', '"y"', True))
    assert found == [
        DiffLine("+", "a", "", "1"),
        DiffLine("-", "b", "1", ""),
        DiffLine("~", "c", '"x"', '"y"', forces=True),
    ]


def test_a_text_of_several_lines_is_compared_line_by_line() -> None:
    assert lines(Attribute("script", '"one\\ntwo\\n"', '"one\\n2\\n"')) == [
        DiffLine("~", "script"),
        DiffLine("-", "", before="two"),
        DiffLine("+", "", after="2"),
    ]


def test_json_inside_of_a_text_is_laid_out_first() -> None:
    found = lines(
        Attribute("policy", '"{\\"Action\\": \\"s3:Get*\\", \\"Effect\\": \\"Allow\\"}"', '"{\\"Effect\\":1}"')
    )
    assert DiffLine("-", "", before='  "Action": "s3:Get*",') in found
    assert DiffLine("+", "", after='  "Effect": 1') in found


def test_a_line_break_at_the_end_makes_no_text_of_several_lines() -> None:
    assert lines(Attribute("a", None, '"x\\n"')) == [DiffLine("+", "a", "", '"x\\n"')]


def test_a_value_that_was_cut_is_shown_as_it_is() -> None:
    assert lines(Attribute("a", None, '"x\\ny')) == [DiffLine("+", "a", "", '"x\\ny')]


def test_a_long_value_is_cut() -> None:
    (found,) = lines(Attribute("a", None, '"' + "x" * 1000 + '"'))
    assert len(found.after) == difference.LONGEST_VALUE + 2


def test_very_long_texts_are_counted_not_compared() -> None:
    (found,) = lines(Attribute("a", '"1\\n2"', '"' + "x\\n" * 1000 + '"'))
    assert (found.before, found.after) == ("(2 lines)", "(1000 lines)")
