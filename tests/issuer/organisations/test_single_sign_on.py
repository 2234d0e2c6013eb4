"""Signing in through a real OpenID provider (npm's oidc-provider, run by node on loopback)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from issuer.db.session import unit_of_work
from issuer.errors import InvalidAccount, InvalidSettings, SignInRefused, SpentLink, Unreachable
from issuer.instance import wall_clock
from issuer.organisations import accounts, accounts_store, single_sign_on
from issuer.organisations.openid_provider import Provider, provider_of
from issuer.organisations.roles import Grant, Role
from issuer.settings import Settings

CLIENTS = Path(__file__).resolve().parents[2] / "clients"
NODE = shutil.which("node")
BROWSER = "cookie of this browser"
RETURN = "https://badges.example/staff/single-sign-on/return"

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
real = pytest.mark.skipif(
    NODE is None or not (CLIENTS / "node_modules" / "oidc-provider").is_dir(),
    reason="no OpenID provider here: install node, then run `make clients`",
)


@pytest.fixture(scope="module", params=["id token", "userinfo"])
def issuer(request):
    """The address of a running provider, which tells names in one place or in the other."""
    command = [NODE, CLIENTS / "provider.mjs", "learnseal", "a shared secret", RETURN]
    command.append(request.param)
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=CLIENTS,
        env={"PATH": os.environ["PATH"]},
    )
    yield running.stdout.readline().strip()
    running.kill()
    running.wait()
    running.stdout.close()


def provider_at(issuer, **bent):
    said = {"issuer": issuer, "client_id": "learnseal", "redirect_uri": RETURN}
    return Provider(**said | {"client_secret": "a shared secret"} | bent)


@pytest.fixture
def provider(issuer):
    return provider_at(issuer)


@pytest.fixture
def now_is_now(instance):
    """The provider's clock is the machine's, so ours has to be, too."""
    instance.now.now = wall_clock()
    return instance


def visit(address, who):
    """Follow the provider until it sends the browser back; return what it says then."""
    with httpx.Client(follow_redirects=False, trust_env=False) as browser:
        answer = browser.get(f"{address}&login_hint={who}")
        for _ in range(8):
            where = str(answer.next_request.url)
            if where.startswith(RETURN):
                return dict(parse_qsl(urlsplit(where).query))
            answer = browser.get(where)
    raise AssertionError("the provider did not send the browser back")


def round_trip(instance, provider, who, wanted=None):
    address = single_sign_on.begin(instance, provider, BROWSER, wanted or {"next": "/staff"})
    return single_sign_on.finish(instance, provider, BROWSER, visit(address, who))


@pytest.fixture
def ada(now_is_now):
    with unit_of_work(now_is_now.engine) as connection:
        return accounts_store.add_account(
            connection, "ada@uni.example", "Ada", "none", now_is_now.now()
        )


@real
@sqlite
def test_who_has_an_account_with_an_address_the_provider_vouches_for_gets_in(
    now_is_now, provider, ada
):
    arrival = round_trip(now_is_now, provider, "ada", {"next": "/staff/o/x/award"})
    assert (arrival.account_id, arrival.path) == (ada, "/staff/o/x/award")
    with unit_of_work(now_is_now.engine) as connection:
        accounts_store.close(connection, ada, now_is_now.now())
    with pytest.raises(SignInRefused):
        round_trip(now_is_now, provider, "ada")


@real
@sqlite
def test_an_address_nobody_has_checked_opens_no_account(now_is_now, provider):
    with unit_of_work(now_is_now.engine) as connection:
        accounts_store.add_account(connection, "bob@uni.example", "B", "none", now_is_now.now())
    with pytest.raises(SignInRefused, match="ask an administrator"):
        round_trip(now_is_now, provider, "bob")


@real
@sqlite
def test_an_invitation_opens_an_account_once(now_is_now, alliance, provider):
    instance = now_is_now
    with unit_of_work(instance.engine) as connection:
        grant = Grant(alliance[1].id, Role.COORDINATOR)
        link = accounts.new_link(instance, connection, grant, "test").rpartition("/")[2]
    arrival = round_trip(instance, provider, "new", {"link": link})
    with unit_of_work(instance.engine) as connection:
        staff = accounts_store.staff(connection, arrival.account_id)
    assert (staff.email, staff.name, staff.grants) == ("neele@uni.example", "Neele Neu", (grant,))
    with pytest.raises(SignInRefused):
        accounts.sign_in(instance, "neele@uni.example", "!", "192.0.2.1")
    assert round_trip(instance, provider, "new").account_id == arrival.account_id
    with pytest.raises((SpentLink, InvalidAccount)):
        round_trip(instance, provider, "ada", {"link": link})


@real
@sqlite
def test_somebody_signed_in_links_the_two_accounts(now_is_now, provider):
    with unit_of_work(now_is_now.engine) as connection:
        mine = accounts_store.add_account(connection, "b@x.example", "B", "x", now_is_now.now())
    assert round_trip(now_is_now, provider, "bob", {"account": str(mine)}).account_id == mine
    assert round_trip(now_is_now, provider, "bob").account_id == mine
    with pytest.raises(SignInRefused, match="belongs to another"):
        round_trip(now_is_now, provider, "bob", {"account": str(mine + 1)})


@real
@sqlite
def test_an_answer_is_good_once_and_for_the_browser_that_was_asked(now_is_now, provider, ada):
    address = single_sign_on.begin(now_is_now, provider, BROWSER, {})
    answer = visit(address, "ada")
    with pytest.raises(SignInRefused, match="too late"):
        single_sign_on.finish(now_is_now, provider, "another browser", answer)
    assert single_sign_on.finish(now_is_now, provider, BROWSER, answer).account_id == ada
    with pytest.raises(SignInRefused, match="too late"):
        single_sign_on.finish(now_is_now, provider, BROWSER, answer)


@real
@sqlite
@pytest.mark.parametrize(
    "bend",
    [
        lambda answer: answer | {"code": "of somebody else"},
        lambda answer: answer | {"iss": "https://evil.example"},
        lambda answer: {"state": answer["state"]},
        lambda answer: answer | {"state": "guessed"},
    ],
    ids=["other code", "other provider", "no code", "other state"],
)
def test_refuses_a_bent_answer(now_is_now, provider, ada, bend):
    answer = visit(single_sign_on.begin(now_is_now, provider, BROWSER, {}), "ada")
    with pytest.raises(SignInRefused):
        single_sign_on.finish(now_is_now, provider, BROWSER, bend(answer))


@real
@sqlite
def test_refuses_when_the_provider_does_not_know_us(now_is_now, issuer, ada):
    provider = provider_at(issuer, client_secret="wrong")
    with pytest.raises(SignInRefused, match="did not confirm"):
        round_trip(now_is_now, provider, "ada")


@real
@sqlite
def test_refuses_a_token_of_yesterday_or_of_tomorrow(now_is_now, provider, ada, clock):
    for hours in (-24, 48):
        answer = visit(single_sign_on.begin(now_is_now, provider, BROWSER, {}), "ada")
        with unit_of_work(now_is_now.engine) as connection:
            asked = single_sign_on.questions.answered(
                connection,
                single_sign_on.Question(single_sign_on.KIND, BROWSER),
                answer["state"].encode(),
                now_is_now.now(),
            )
        clock.forward(hours=hours)
        with pytest.raises(SignInRefused, match="does not hold"):
            provider.claims(answer["code"], asked["verifier"], asked["nonce"], now_is_now.now())


@real
@sqlite
def test_refuses_a_token_with_another_nonce(now_is_now, provider, ada):
    answer = visit(single_sign_on.begin(now_is_now, provider, BROWSER, {}), "ada")
    with unit_of_work(now_is_now.engine) as connection:
        asked = single_sign_on.questions.answered(
            connection,
            single_sign_on.Question(single_sign_on.KIND, BROWSER),
            answer["state"].encode(),
            now_is_now.now(),
        )
    with pytest.raises(SignInRefused, match="does not hold"):
        provider.claims(answer["code"], asked["verifier"], "another", now_is_now.now())


@sqlite
def test_a_provider_that_does_not_answer_is_told(instance):
    with pytest.raises(Unreachable, match="does not answer"):
        single_sign_on.begin(instance, provider_at("http://127.0.0.1:9"), BROWSER, {})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"oidc_issuer": "http://uni.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "ftp://uni.example"}, "OIDC_ISSUER"),
        ({"oidc_issuer": "https://uni.example"}, "OIDC_CLIENT_ID"),
        (
            {
                "oidc_issuer": "https://uni.example",
                "oidc_client_id": "x",
                "oidc_client_secret_file": "/no/such/file",
            },
            "OIDC_CLIENT_SECRET_FILE",
        ),
    ],
)
def test_refuses_settings_that_name_no_provider(said, why):
    with pytest.raises(InvalidSettings, match=why):
        provider_of(Settings(**said))


def test_without_settings_there_is_no_provider():
    assert provider_of(Settings()) is None


def test_the_secret_is_not_shown(tmp_path):
    path = tmp_path / "secret"
    path.write_text("a shared secret\n")
    found = provider_of(
        Settings(
            oidc_issuer="https://uni.example", oidc_client_id="x", oidc_client_secret_file=path
        )
    )
    assert found.client_secret == "a shared secret"
    assert "shared" not in repr(found)
    assert found.label == "uni.example"


def test_an_operator_is_not_told_of_the_librarys_plans():
    # httpx2 is among what tests need and the service does not
    as_installed = "import sys; sys.modules['httpx2'] = None; import issuer.app"
    run = subprocess.run([sys.executable, "-c", as_installed], capture_output=True, check=True)
    assert run.stderr == b""
