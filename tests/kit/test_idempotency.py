"""The first answer is given again; other content, and a first that still runs, are told apart."""

from datetime import UTC, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from yishi.kit.idempotency import KeyReused, Replay, StillRunning, claim, finish
from yishi.kit.models import StoredAnswer

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
HASH = b"h" * 32


def first(scope: str = "key POST /x", key: str = "k", content: bytes = HASH) -> Replay | None:
    return claim(scope=scope, key=key, content_hash=content, at=AT)


@pytest.mark.django_db
def test_the_first_answer_is_given_again() -> None:
    assert first() is None
    finish(scope="key POST /x", key="k", status=201, body='{"name": "王"}')
    assert first() == Replay(201, '{"name": "王"}')


@pytest.mark.django_db
def test_answers_are_encrypted_at_rest() -> None:
    first()
    finish(scope="key POST /x", key="k", status=201, body="secret words")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM kit_stored_answer")
        assert b"secret" not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db
def test_other_content_under_the_same_key_is_refused() -> None:
    first()
    finish(scope="key POST /x", key="k", status=200, body="{}")
    with pytest.raises(KeyReused):
        first(content=b"o" * 32)
    assert StoredAnswer.objects.get().content_hash == HASH


@pytest.mark.django_db
def test_scopes_do_not_meet() -> None:
    assert first() is None
    assert first(scope="other POST /x") is None


@pytest.mark.django_db
def test_a_write_that_was_rolled_back_frees_its_key() -> None:
    with transaction.atomic():
        first()
        transaction.set_rollback(True)
    assert not StoredAnswer.objects.exists()
    assert first() is None


@pytest.mark.django_db
def test_failures_are_not_stored() -> None:
    first()
    with pytest.raises(ValueError, match="only successes"):
        finish(scope="key POST /x", key="k", status=422, body="{}")


@pytest.mark.django_db(transaction=True)
def test_while_the_first_runs_the_second_is_told_so() -> None:
    seen: list[object] = []

    def second() -> None:
        try:
            with transaction.atomic():
                seen.append(first())
        except StillRunning as refusal:
            seen.append(refusal.status)
        finally:
            connection.close()

    with transaction.atomic():
        first()
        thread = Thread(target=second)
        thread.start()
        thread.join(20)
    assert seen == [409]
