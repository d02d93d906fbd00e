"""Signing in, the lock, handing a machine over, the second factor."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth import get_user
from django.db import connection

from tests.world import PASSWORD, PIN, START
from yishi.kit.errors import Invalid
from yishi.people import actions as people
from yishi.people.models import SignIn, User
from yishi.people.rules import one_time_code


def try_sign_in(password=PASSWORD, *, username="lin", otp=None, address="10.0.0.1", after_s=0):
    at = START + timedelta(seconds=after_s)
    return people.sign_in(username=username, password=password, otp=otp, address=address, at=at)


def miss(times, **values):
    for number in range(times):
        with pytest.raises(people.BadSignIn):
            try_sign_in("wrong", after_s=number, **values)


def test_the_right_password_opens(world):
    assert try_sign_in() == world.lin
    assert try_sign_in(username=" LIN ") == world.lin
    assert SignIn.objects.filter(user=world.lin, outcome="OK").count() == 2


def test_an_unknown_name_and_a_wrong_password_are_told_the_same(world):
    with pytest.raises(people.BadSignIn) as unknown:
        try_sign_in(username="nobody")
    with pytest.raises(people.BadSignIn) as wrong:
        try_sign_in("wrong")
    assert str(unknown.value) == str(wrong.value)


def test_five_misses_lock_this_name_from_this_address(world):
    miss(5)
    with pytest.raises(people.SignInLocked) as refusal:
        try_sign_in(after_s=10)
    assert refusal.value.retry_after_s == 290
    assert try_sign_in(after_s=10, address="10.0.0.2") == world.lin
    assert try_sign_in(after_s=10, username="zhou") == world.zhou


def test_the_lock_opens_after_five_minutes(world):
    miss(5)
    with pytest.raises(people.SignInLocked):
        try_sign_in(after_s=299)
    assert try_sign_in(after_s=300) == world.lin


def test_unknown_names_lock_too(world):
    miss(5, username="nobody")
    with pytest.raises(people.SignInLocked):
        try_sign_in(username="nobody", after_s=5)


def test_a_success_starts_the_count_anew(world):
    miss(4)
    try_sign_in(after_s=5)
    with pytest.raises(people.BadSignIn):
        try_sign_in("wrong", after_s=6)
    assert try_sign_in(after_s=7) == world.lin


def test_who_has_left_cannot_sign_in(world):
    people.deactivate_user(user_id=world.lin.pk, by=world.viewer(world.owner), at=START)
    with pytest.raises(people.BadSignIn):
        try_sign_in()


@pytest.mark.django_db(transaction=True)
def test_a_miss_counts_although_it_is_refused(world):
    miss(1)
    assert SignIn.objects.filter(outcome="MISS").count() == 1


def test_open_sessions_end_with_the_account_and_with_the_password(world, client):
    client.force_login(world.lin)
    assert get_user(client) == world.lin
    people.change_password(user=world.lin, password=PASSWORD, new_password="another-good-one", at=START)
    assert get_user(client).is_anonymous
    client.force_login(world.zhou)
    people.deactivate_user(user_id=world.zhou.pk, by=world.viewer(world.owner), at=START)
    assert get_user(client).is_anonymous


@pytest.mark.django_db(transaction=True)
def test_guessing_in_parallel_is_counted_one_by_one(world):
    def guess(_number):
        with closing(connection):
            try:
                people.sign_in(username="lin", password="wrong", address="10.0.0.1", at=START)
            except people.BadSignIn:
                return 1
            except people.SignInLocked:
                return 0

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(guess, range(16))) == 5


def switch(world, username, pin=PIN, user=None):
    return people.switch_person(user=user or world.zhou, username=username, pin=pin, at=START)


def test_a_machine_is_handed_over_by_pin(world):
    assert switch(world, "lin") == world.lin


@pytest.mark.parametrize("username", ["he", "laoban", "nobody"])
def test_not_to_somebody_elsewhere_or_above(world, username):
    with pytest.raises(people.WrongPin):
        switch(world, username)


def test_not_without_a_pin(world):
    User.objects.filter(pk=world.lin.pk).update(pin_hash="")
    with pytest.raises(people.WrongPin):
        switch(world, "lin", "")


def test_five_wrong_pins_lock_until_the_password(world):
    for _ in range(5):
        with pytest.raises(people.WrongPin):
            switch(world, "lin", "9999")
    with pytest.raises(people.PinLocked):
        switch(world, "lin")
    try_sign_in()
    assert switch(world, "lin") == world.lin


def test_a_pin_is_set_against_the_password(world):
    with pytest.raises(people.BadSignIn):
        people.set_pin(user=world.lin, password="wrong", pin="2468", at=START)
    with pytest.raises(Invalid):
        people.set_pin(user=world.lin, password=PASSWORD, pin="1111", at=START)
    assert switch(world, "lin") == world.lin
    people.set_pin(user=world.lin, password=PASSWORD, pin="2468", at=START)
    assert switch(world, "lin", "2468") == world.lin


def test_a_password_is_changed_against_the_old_one(world):
    with pytest.raises(people.BadSignIn):
        people.change_password(user=world.lin, password="wrong", new_password="another-good-one", at=START)
    with pytest.raises(Invalid):
        people.change_password(user=world.lin, password=PASSWORD, new_password="short", at=START)
    assert try_sign_in() == world.lin
    people.change_password(user=world.lin, password=PASSWORD, new_password="another-good-one", at=START)
    assert try_sign_in("another-good-one") == world.lin


def enrol(user):
    address = people.enrol_second_factor(user=user)
    user.refresh_from_db()
    return parse_qs(urlsplit(address).query)["secret"][0]


def code(secret, after_s=0):
    return one_time_code(secret, int(START.timestamp() + after_s) // 30)


def test_a_second_factor_counts_once_it_is_confirmed(world):
    secret = enrol(world.lin)
    assert try_sign_in() == world.lin
    with pytest.raises(people.BadSecondFactor):
        people.confirm_second_factor(user=world.lin, otp="000000", at=START)
    assert try_sign_in() == world.lin
    people.confirm_second_factor(user=world.lin, otp=code(secret), at=START)
    with pytest.raises(people.SecondFactorNeeded):
        try_sign_in()


def test_signing_in_with_a_second_factor(world):
    secret = enrol(world.lin)
    people.confirm_second_factor(user=world.lin, otp=code(secret), at=START)
    with pytest.raises(people.BadSecondFactor):
        try_sign_in(otp=code(secret))  # the confirming code was used up
    assert try_sign_in(otp=code(secret, 60), after_s=60) == world.lin
    with pytest.raises(people.BadSecondFactor):
        try_sign_in(otp=code(secret, 60), after_s=61)


def test_the_secret_lies_sealed(world):
    secret = enrol(world.lin)
    with connection.cursor() as cursor:
        cursor.execute("SELECT otp_secret FROM people_user WHERE id = %s", [world.lin.pk])
        assert secret.encode() not in bytes(cursor.fetchone()[0])
