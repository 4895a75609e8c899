import pytest

from webkit.cli.reports import created, report
from webkit.scaffold.removals import Removal


@pytest.mark.parametrize(
    ("files", "revision", "text"),
    [
        (["a", "b", "settings.py"], None, "Created apps/x: 2 files."),
        (["a", "settings.py", "m/1.py"], "m/1.py", "Created apps/x: 1 files, and m/1.py"),
        (
            ["a", "b", "settings.py"],
            "m/1.py",
            "Created apps/x: 2 files. m/1.py is there already.",
        ),
    ],
)
def test_what_was_made_is_counted(files, revision, text):
    assert created("apps/x", files, ["settings.py"], revision=revision) == text


def test_a_migration_that_stays_is_named_with_the_reason(tmp_path, capsys):
    plan = Removal(
        root=tmp_path,
        directory="apps/artists",
        removed=(),
        kept=(),
        files={},
        replacing={},
        is_registered=False,
        revision="0001_artists",
        heir="0002_albums",
    )

    report(plan, dry_run=True)

    assert capsys.readouterr().out.splitlines() == [
        "The migration 0001_artists stays, with its table: 0002_albums builds on it.",
        "To drop the table: webkit db revision -m 'drop artists'",
    ]
