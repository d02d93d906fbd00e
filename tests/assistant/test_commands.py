"""What colleagues write to a robot: a verb and a number act, everything else only tells."""

import pytest

from yishi.assistant.rules.commands import Verb, command_in

N = "YT9900000000017"


@pytest.mark.parametrize(
    ("text", "verb", "numbers"),
    [
        (N, Verb.LOOK_UP, (N,)),
        (f"@驿使机器人 查 {N}", Verb.LOOK_UP, (N,)),
        (f"@驿使机器人\u2005催 {N}", Verb.URGE, (N,)),
        (f"麻烦帮忙催一下 {N}", Verb.URGE, (N,)),
        (f"{N} 催一下", Verb.URGE, (N,)),
        (f"{N} 加急！", Verb.URGE, (N,)),
        (f"拦截 {N}", Verb.INTERCEPT, (N,)),
        (f"把{N}拦一下", Verb.INTERCEPT, (N,)),
        (f"登记 {N} 外包装破损，客户要赔", Verb.OPEN, (N,)),
        # what is refused, told or asked acts on nothing
        (f"别催 {N}", Verb.LOOK_UP, (N,)),
        (f"{N} 先别拦", Verb.LOOK_UP, (N,)),
        (f"{N} 客户说昨天投诉的", Verb.LOOK_UP, (N,)),
        (f"{N} 拦截了没有", Verb.LOOK_UP, (N,)),
        ("催一下", Verb.HELP, ()),
        ("大家早上好", Verb.HELP, ()),
        ("@驿使 绑定 ABC234", Verb.BIND, ()),
        ("绑定：abc234", Verb.BIND, ()),
        ("绑定手机", Verb.HELP, ()),
    ],
)
def test_a_command(text, verb, numbers):
    found = command_in(text)
    assert (found.verb, found.numbers) == (verb, numbers)


def test_at_most_five_numbers():
    assert len(command_in("催 " + " ".join(f"YT99000000001{n:02}" for n in range(9))).numbers) == 5
