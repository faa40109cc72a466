from __future__ import annotations

import inspect
import textwrap
from pathlib import Path

import pytest

from reasongap.errors import BadFile
from reasongap.problems.minted import reading
from reasongap.problems.minted.template import Template

CAST = (
    {"name": "Amara", "she": "she", "She": "She", "her": "her"},
    {"name": "Bilal", "she": "he", "She": "He", "her": "his"},
)

PLUMS = """
[plums]
crates = "3..5"
each = "10..30 by 10 | 7"
eaten = "4"
"fruit, box" = "plum, box | leaf/leaves, bag"
ask = [
  "{name} has {crates} {boxes} of {each} {fruits} and eats {eaten}. How many are left?",
  "Of {crates} {boxes} with {each} {fruits}, {name} eats {eaten}. How many are left?",
  "{Fruits} come in {crates} {boxes} of {each}; {name} eats {eaten}. How many does {she} keep?",
]
solve = [
  "There are {whole = crates * each} {fruits}.",
  "{name} keeps ${left = whole - eaten} for {her} friends.",
]
"""


def read(tmp_path: Path, text: str) -> Template:
    file = tmp_path / "test.toml"
    file.write_text(text, encoding="utf-8")
    (template,) = reading.read_theme(file, CAST)
    return template


def test_a_template_says_what_its_table_says(tmp_path: Path) -> None:
    template = read(tmp_path, PLUMS)
    assert template.name == "test/plums"
    assert template.numbers == {"crates": (3, 4, 5), "each": (10, 20, 30, 7), "eaten": (4,)}
    assert template.shape == (3 * 2 * len(CAST), 3 * 4)
    assert [step.name for step in template.steps] == ["whole", "left"]


def test_a_point_becomes_question_solution_and_program(tmp_path: Path) -> None:
    problem = read(tmp_path, PLUMS).problem(2 + 3 * 1 + 6 * 1, 2 + 3 * 1, "plums:1")
    assert problem is not None
    assert problem.id == "plums:1"
    assert problem.question == ("Leaves come in 5 bags of 20; Bilal eats 4. How many does he keep?")
    assert problem.solution == (
        "There are 5 * 20 = <<5*20=100>>100 leaves.\n"
        "Bilal keeps 100 - 4 = $<<100-4=96>>96 for his friends.\n"
        "#### 96"
    )
    assert problem.program == (
        "def solution():\n    crates = 5\n    each = 20\n    eaten = 4\n"
        "    whole = crates * each\n    left = whole - eaten\n    return left\n"
    )


def test_no_two_points_make_the_same_text(tmp_path: Path) -> None:
    template = read(tmp_path, PLUMS)
    ways, numberings = template.shape
    made = [
        template.problem(way, number, "") for way in range(ways) for number in range(numberings)
    ]
    texts = [problem.question for problem in made if problem is not None]
    assert len(set(texts)) == len(texts) == ways * (numberings - 4)  # 4 crates, 4 eaten


def test_the_example_in_the_documentation_is_a_template(tmp_path: Path) -> None:
    documentation = inspect.getdoc(reading) or ""
    example = documentation[documentation.index("    [") : documentation.index("    ]\n\n") + 5]
    template = read(tmp_path, textwrap.dedent(example))
    assert len(template.steps) == 2


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"3..5"', '"3...5"', "neither a number nor a range"),
        ('"3..5"', '"5..3"', "different values"),
        ('"3..5"', '"1..5"', "from 2 up"),
        ('"3..5"', '"3 | 3"', "different values"),
        ("leaf/leaves, bag", "leaf/leaves", "needs 2 parts"),
        ("leaf/leaves, bag", "plum, box", "look alike"),
        ("{name} has {crates}", "Someone has {crates}", "look alike"),
        ("eats {eaten}. How many are left", "eats some. How many are left", "must stand once"),
        ("and eats {eaten}", "and eats {eaten} of {each}", "must stand once"),
        ("and eats", "and at 9 eats", "a digit outside a slot"),
        ("and eats", "and {verb}", "no slot"),
        ("keeps", "{verb}", "no slot"),
        ("crates * each", "crates * every", "before it is known"),
        ("whole = crates", "each = crates", "a name that is taken"),
        ("whole - eaten", "whole - 5", "never uses"),
        ("left = ", "sum = ", "a word of Python"),
        ("whole - eaten", "whole - eaten ** 2", "more than"),
        ("{whole = crates * each}", "many", "no computation"),
        ("How many are left?", "How many {fruits", "expected '}'"),
    ],
)
def test_a_faulty_template_is_refused_with_its_name(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    assert old in PLUMS
    with pytest.raises(BadFile, match="'plums'") as refused:
        read(tmp_path, PLUMS.replace(old, new, 1))
    assert why in str(refused.value)


def test_phrasings_must_differ(tmp_path: Path) -> None:
    lines = PLUMS.splitlines()
    text = "\n".join([*lines[:8], lines[7], *lines[9:]])
    with pytest.raises(BadFile, match="different phrasings"):
        read(tmp_path, text)


@pytest.mark.parametrize("text", [None, "[plums"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "test.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=r"test\.toml"):
        list(reading.read_theme(file, CAST))


@pytest.mark.parametrize(
    ("noun", "nouns"),
    [
        ("egg", "eggs"),
        ("box", "boxes"),
        ("berry", "berries"),
        ("key", "keys"),
        ("peach", "peaches"),
        ("glass", "glasses"),
        ("bread roll", "bread rolls"),
    ],
)
def test_regular_plurals(noun: str, nouns: str) -> None:
    assert reading.plural(noun) == nouns


def test_the_packaged_templates_cover_one_to_eight_steps() -> None:
    templates = reading.packaged_templates()
    lengths = [len(template.steps) for template in templates.values()]
    assert len(templates) >= 60
    assert lengths.count(1) >= 12
    assert all(lengths.count(steps) >= 10 for steps in (2, 3, 4, 5))
    assert all(lengths.count(steps) >= 3 for steps in (6, 7, 8))


def test_templates_of_one_step_have_one_operation_of_every_kind() -> None:
    sources = [
        template.steps[0].expression.source
        for template in reading.packaged_templates().values()
        if len(template.steps) == 1
    ]
    signs = ["".join(source.split()[1::2]) for source in sources]
    assert all(signs.count(sign) >= 3 for sign in "+-*/")
    assert set(signs) == set("+-*/")


def test_nobody_stands_twice_in_the_cast() -> None:
    file = Path(reading.__file__).parent / "templates" / reading.PEOPLE
    names = [person["name"] for person in reading.read_cast(file)]
    assert len(set(names)) == len(names) >= 80
    assert not any(name.endswith("s") for name in names)
