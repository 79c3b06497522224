import logging
import ssl
from dataclasses import replace

import pytest
import trustme

from px.channels import email as email_module
from px.channels.account import account_of
from px.channels.base import Down, Later, Rejected, Sent, Unknown
from px.channels.check import check_mail_account
from px.channels.email import Email, EmailLine, Limits
from px.channels.mime import BadHeader, Identity, build
from px.core.errors import InvalidInput
from px.core.settings import Settings
from tests.fakes.smtp import MailServer, mail_server
from tests.px.channels.test_mime import mail

QUICK = Limits(connect=0.5, command=0.5, final=0.5)
PASSWORD = "correct-horse-battery-staple"


def shop(port: int, **changes) -> Settings:
    values = {
        "mode": "live",
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "hello@fern.example",
        "shop_name": "Fern & Fable",
    }
    return Settings(**values | changes)


def line_to(server: MailServer, limits: Limits = QUICK, **changes) -> EmailLine:
    return Email(account_of(shop(server.port, **changes)), limits).line()


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def server(request):
    with mail_server(pipelining=request.param) as running:
        yield running


def test_a_mail_arrives_as_it_was_built(server):
    line = line_to(server)
    assert line.send(mail()) == Sent("250", "250 2.0.0 queued")
    assert server.mails[0].raw == build(mail(), account_of(shop(server.port)).identity)
    assert (server.mails[0].sender, server.mails[0].to) == (
        "hello@fern.example",
        ["ada@example.com"],
    )


def test_many_mails_go_over_one_connection(server):
    line = line_to(server)
    for _ in range(20):
        assert isinstance(line.send(mail()), Sent)
    assert (len(server.mails), server.connections) == (20, 1)


def test_a_connection_is_made_anew_after_its_share_of_mails(server):
    line = line_to(server, replace(QUICK, messages=5))
    for _ in range(12):
        assert line.ready() is None
        assert isinstance(line.send(mail()), Sent)
    assert server.connections == 3


def test_an_idle_connection_is_asked_whether_it_is_alive(server):
    line = line_to(server, replace(QUICK, idle=-1))
    line.send(mail())
    assert line.ready() is None
    assert server.commands[-1] == "NOOP"
    server.replies["NOOP"] = "500 what"
    assert line.ready() is None
    assert server.connections == 2


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            "550 5.1.1 no such user",
            Rejected("550", "Refused for good: 550 5.1.1 no such user", True),
        ),
        ("550 no such user", Rejected("550", "Refused for good: 550 no such user", True)),
        ("550 5.2.1 disabled", Rejected("550", "Refused for good: 550 5.2.1 disabled", True)),
        ("552 5.2.2 full", Rejected("552", "Refused for good: 552 5.2.2 full")),
        (
            "550 5.7.1 not you",
            Rejected("550", "Refused for good: 550 5.7.1 not you", is_provider=True),
        ),
        ("554 5.4.1 no route", Rejected("554", "Refused for good: 554 5.4.1 no route")),
        ("450 4.2.1 busy", Later("450", "Refused for now: 450 4.2.1 busy")),
        ("451 4.7.1 greylisted", Later("451", "Refused for now: 451 4.7.1 greylisted")),
        (
            "454 4.7.0 slow down",
            Down("454", "The mail server asks to come back later: 454 4.7.0 slow down"),
        ),
        (
            "421 4.3.2 going",
            Down("421", "The mail server asks to come back later: 421 4.3.2 going"),
        ),
        ("503 order", Down("503", "The mail server did not understand RCPT TO: 503 order")),
        ("hello", Down("-1", "The mail server gave an answer that is none: -1 o")),
    ],
)
def test_a_refusal_of_the_address_says_whose_fault_it_is(server, reply, expected):
    server.replies["RCPT"] = [reply]
    line = line_to(server)
    assert line.send(mail()) == expected
    assert isinstance(line.send(mail()), Sent)
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("451 4.3.0 not now", "The mail server does not take mail from this sender"),
        ("550 5.7.1 not allowed", "The mail server does not take mail from this sender"),
        ("553 5.1.8 bad sender", "The mail server does not take mail from this sender"),
        ("421 4.7.0 too many", "The mail server asks to come back later"),
    ],
)
def test_a_refused_sender_is_never_the_customer_s_fault(server, reply, expected):
    server.replies["MAIL"] = [reply]
    line = line_to(server)
    answer = line.send(mail())
    assert isinstance(answer, Down)
    assert answer.detail == f"{expected}: {reply}"
    assert isinstance(line.send(mail()), Sent)


@pytest.mark.parametrize("step", ["DATA", "DOT"])
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("550 5.7.1 spam", Down),
        ("554 5.7.515 access denied", Down),
        ("554 5.6.0 bad content", Rejected),
        ("554 no", Rejected),
        ("552 5.3.4 too big", Rejected),
        ("452 4.3.1 no space", Later),
        ("454 4.7.0 throttled", Down),
    ],
)
def test_a_refused_message_is_policy_or_its_own(server, step, reply, expected):
    server.replies[step] = [reply]
    line = line_to(server)
    answer = line.send(mail())
    assert type(answer) is expected
    assert not getattr(answer, "suppress", False)
    assert isinstance(line.send(mail()), Sent)


def test_an_address_refused_after_the_message_is_dead_too(server):
    server.replies["DOT"] = ["550 5.1.1 no such user"]
    assert line_to(server).send(mail()) == Rejected(
        "550", "Refused for good: 550 5.1.1 no such user", suppress=True
    )


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_cut_before_the_message_was_handed_over_is_tried_again_later(server, step):
    server.hang_up = [step]
    answer = line_to(server).send(mail())
    assert isinstance(answer, Later)
    assert answer.is_provider
    assert server.mails == []


def test_a_cut_while_a_long_mail_is_still_being_written_is_tried_again_later(server):
    server.hang_up = ["BODY"]
    answer = line_to(server, replace(QUICK, command=5)).send(mail(text="x" * 20_000_000))
    assert isinstance(answer, Later)
    assert server.mails == []


def test_a_kept_connection_that_has_died_is_made_anew_at_once(server):
    line = line_to(server)
    line.send(mail())
    server.hang_up = ["MAIL"]
    assert isinstance(line.send(mail()), Sent)
    assert (len(server.mails), server.connections) == (2, 2)


def test_a_cut_after_the_dot_is_unknown_and_never_sent_again(server):
    server.hang_up = ["DOT"]
    line = line_to(server)
    assert isinstance(line.send(mail()), Unknown)
    assert len(server.mails) == 1
    assert isinstance(line.send(mail()), Sent)


def test_silence_after_the_dot_is_unknown(server):
    server.silent_at = "DOT"
    answer = line_to(server).send(mail())
    assert isinstance(answer, Unknown)
    assert "no answer in time" in answer.detail


def test_an_answer_to_the_message_that_is_none_is_unknown(server):
    server.replies["DOT"] = "\x00\x01 what"
    assert isinstance(line_to(server).send(mail()), Unknown)


def test_silence_before_the_dot_is_tried_again_later(server):
    server.silent_at = "RCPT"
    assert isinstance(line_to(server).send(mail()), Later)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"silent_at": "BANNER"}, "did not answer in time."),
        ({"replies": {"BANNER": "554 go away"}}, "turned us away (554)"),
        ({"replies": {"BANNER": "421 too many"}}, "turned us away (421)"),
        ({"replies": {"BANNER": "SSH-2.0-OpenSSH"}}, "did not answer as a mail server does."),
        ({"hang_up": ["BANNER"]}, "hung up before the log-in was done."),
    ],
)
def test_a_server_that_does_not_let_us_in_is_down_and_no_message_is_touched(how, sentence):
    with mail_server(**how) as server:
        problem = line_to(server).ready()
    assert isinstance(problem, Down)
    assert sentence in problem.detail


def test_nothing_at_the_port_is_down():
    with mail_server() as server:
        port = server.port
    problem = Email(account_of(shop(port)), QUICK).line().ready()
    assert problem == Down(
        "connect",
        f"Nothing answers at 127.0.0.1, port {port}. Check the name and the port.",
    )


def test_a_wrong_password_is_down_with_a_plain_sentence_and_never_shown(caplog):
    caplog.set_level(logging.DEBUG)
    with mail_server(login=("shop", "another")) as server:
        line = line_to(server, smtp_user="shop", smtp_password=PASSWORD)
        problem = line.ready()
    assert problem == Down("535", "The mail account refuses the user name or the password (535).")
    account = account_of(shop(server.port, smtp_user="shop", smtp_password=PASSWORD))
    shown = f"{caplog.text}{problem!r}{account!r}{Email(account)!r}{line!r}{vars(line)!r}"
    assert PASSWORD not in shown
    assert "AGNvcnJlY3Q" not in shown


def test_a_user_name_without_an_at_is_sent_as_it_is():
    with mail_server(login=("apikey", PASSWORD)) as server:
        line = line_to(server, smtp_user="apikey", smtp_password=PASSWORD)
        assert line.ready() is None
        assert isinstance(line.send(mail()), Sent)


def test_a_password_that_mail_servers_do_not_take_is_said_so():
    with mail_server(login=("shop", "x")) as server:
        problem = line_to(server, smtp_user="shop", smtp_password="пароль").ready()
    assert problem is not None
    assert "holds a character that mail servers do not take" in problem.detail


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


def _context(authority, *names) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_used_and_its_certificate_checked(monkeypatch, authority, security):
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    context = _context(authority, "127.0.0.1")
    with mail_server(tls=context, starttls=security == "starttls") as server:
        stranger = line_to(server, smtp_security=security).ready()
        assert isinstance(stranger, Down)
        assert "certificate" in stranger.detail
        monkeypatch.setattr(email_module, "tls_context", lambda: trusting)
        assert isinstance(line_to(server, smtp_security=security).send(mail()), Sent)
    with mail_server(tls=_context(authority, "evil.example")) as server:
        wrong_name = line_to(server, smtp_security="tls").ready()
        assert wrong_name is not None
        assert wrong_name.code == "tls"


def test_starttls_that_is_not_offered_is_never_gone_without():
    with mail_server() as server:
        problem = line_to(server, smtp_security="starttls").ready()
    assert problem is not None
    assert "does not offer STARTTLS" in problem.detail
    assert server.mails == []


def test_the_next_envelope_travels_behind_the_dot():
    with mail_server() as server:
        line = line_to(server)
        assert isinstance(line.send(mail(), following="ben@example.com"), Sent)
        assert isinstance(line.send(mail(to_address="ben@example.com")), Sent)
        assert server.to() == ["ada@example.com", "ben@example.com"]
        assert server.connections == 1


def test_an_envelope_opened_for_somebody_who_is_not_written_to_after_all_is_dropped():
    with mail_server() as server:
        line = line_to(server)
        line.send(mail(), following="ben@example.com")
        assert isinstance(line.send(mail(to_address="cleo@example.com")), Sent)
        line.close()
        assert server.to() == ["ada@example.com", "cleo@example.com"]


def test_a_refusal_of_the_next_envelope_belongs_to_the_next_message():
    with mail_server(replies={("RCPT", "ben@example.com"): "550 5.1.1 no"}) as server:
        line = line_to(server)
        assert isinstance(line.send(mail(), following="ben@example.com"), Sent)
        assert isinstance(line.send(mail(to_address="ben@example.com")), Rejected)
        assert isinstance(line.send(mail()), Sent)
        assert server.to() == ["ada@example.com", "ada@example.com"]


@pytest.mark.parametrize(
    "hostile", ['"a\r\nRSET"@x.com', "a@b.com\n", "a@b.com>\r\nRCPT TO:<c@d.com", "a@b,c@d"]
)
def test_an_address_with_commands_in_it_never_reaches_the_server(server, hostile):
    line = line_to(server)
    assert isinstance(line.send(mail(to_address=hostile)), Rejected)
    assert [c for c in server.commands if c.startswith(("RCPT", "MAIL", "RSET"))] == []


@pytest.mark.parametrize("body", ["a\n.\nb", "a\r.\rb", "a\r\n.\r\nMAIL FROM:<eve@x.y>\r\n.\r\n"])
def test_a_body_that_looks_like_the_end_arrives_as_one_mail(server, body):
    line = line_to(server)
    assert isinstance(line.send(mail(text=body, html=None)), Sent)
    assert len(server.mails) == 1
    assert "eve" not in "".join(c for c in server.commands)


def test_an_account_that_is_not_set_up_says_what_is_missing():
    with pytest.raises(InvalidInput, match="No mail account is set up"):
        account_of(Settings())
    with pytest.raises(InvalidInput, match="No sender is set up"):
        account_of(Settings(smtp_host="mail.example.com"))
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        account_of(Settings(smtp_host="mail.example.com", mail_from="nobody"))


def test_the_sender_s_name_is_the_shop_s_unless_the_address_has_one():
    account = account_of(shop(25, mail_from="Fern care <care@fern.example>"))
    assert account.identity == Identity("care@fern.example", "Fern care")
    assert account_of(shop(25)).identity == Identity("hello@fern.example", "Fern & Fable")


def test_checking_the_account_walks_every_step_and_sends_nothing():
    with mail_server(login=("shop", PASSWORD)) as server:
        steps = check_mail_account(shop(server.port, smtp_user="shop", smtp_password=PASSWORD))
    assert [(step.name, step.is_ok) for step in steps] == [
        ("Name", True),
        ("Connection", True),
        ("Encryption", True),
        ("Log-in", True),
        ("Sender", True),
    ]
    assert steps[-1].sentence == "Mail from hello@fern.example is taken."
    assert server.mails == []


@pytest.mark.parametrize(
    ("how", "settings", "failed"),
    [
        ({}, {"smtp_host": ""}, "Settings"),
        ({}, {"smtp_host": "no-such-host.invalid"}, "Name"),
        ({}, {"smtp_port": 1}, "Connection"),
        ({}, {"smtp_security": "starttls"}, "Encryption"),
        ({"login": ("shop", "x")}, {"smtp_user": "shop", "smtp_password": "y"}, "Log-in"),
        ({}, {"smtp_user": "shop", "smtp_password": "y"}, "Log-in"),
        ({"replies": {"MAIL": "550 5.7.1 not you"}}, {}, "Sender"),
    ],
)
def test_checking_the_account_names_the_step_that_failed(how, settings, failed):
    with mail_server(**how) as server:
        steps = check_mail_account(shop(server.port, **settings), QUICK)
    assert [step.name for step in steps if not step.is_ok] == [failed]
    assert steps[-1].name == failed


def test_bad_headers_are_refused_before_anything_is_written(server):
    answer = line_to(server).send(mail(subject="x\r\nBcc: eve@example.com"))
    assert isinstance(answer, Rejected)
    assert answer.detail == (
        "The subject contains a line break or another control character (U+000D)."
    )
    assert server.connections == 0
    with pytest.raises(BadHeader):
        build(mail(subject="x\r\nBcc: eve@example.com"), Identity("a@b.example", ""))
