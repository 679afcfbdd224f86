"""SEARCH_URL as operators write it, and as they mistype it."""

from pathlib import Path

import pytest

from search.engines import UnknownEngineError, create_engine
from search.engines.address import parse


def test_an_address_names_hosts_prefix_and_account() -> None:
    found = parse("elasticsearch+https://platform:p%40ss%2Fword@one:9201,two,[::1]:9203/staedte-1")
    assert found.hosts == ("https://one:9201", "https://two:9200", "https://[::1]:9203")
    assert (found.prefix, found.user, found.password) == ("staedte-1", "platform", "p@ss/word")
    assert found.is_encrypted
    assert found.verify


def test_options_are_read() -> None:
    found = parse("elasticsearch://one/p?timeout=1.5&write_timeout=9&shards=2&replicas=1")
    assert (found.timeout, found.write_timeout, found.shards, found.replicas) == (1.5, 9.0, 2, 1)
    assert not parse("elasticsearch+https://one/p?verify=false").verify


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "is not understood"),
        ("solr://localhost", "is not understood"),
        ("index", "is not understood"),
        ("tantivy://", "names no directory"),
        ("tantivy:///", "names no directory"),
        ("elasticsearch://", "is no host"),
        ("elasticsearch:///prefix", "is no host"),
        ("elasticsearch://one:port/prefix", "is no host"),
        ("elasticsearch://one:99999/prefix", "is no host"),
        ("elasticsearch://one,,two/prefix", "is no host"),
        ("elasticsearch://o ne/prefix", "is no host"),
        ("elasticsearch://one:9200", "cannot begin the names"),
        ("elasticsearch://one:9200/Großes", "cannot begin the names"),
        ("elasticsearch://one/a/b", "cannot begin the names"),
        ("elasticsearch://one/a-building", "cannot begin the names"),
        ("elasticsearch://user@one/prefix", "name and a password"),
        ("elasticsearch://:secret@one/prefix", "name and a password"),
        ("elasticsearch://one/p?shard=1", "'shard' is unknown"),
        ("elasticsearch://one/p?timeout", "Options are written"),
        ("elasticsearch://one/p?timeout=soon", "timeout=soon has to be a number"),
        ("elasticsearch://one/p?timeout=nan", "timeout=nan has to be a number"),
        ("elasticsearch://one/p?timeout=0", "has to be a number between"),
        ("elasticsearch://one/p?shards=0", "has to be a number between"),
        ("elasticsearch://one/p?replicas=1.5", "whole number"),
        ("elasticsearch://one/p?ca=/none.pem", "https"),
        ("elasticsearch+https://one/p?verify=maybe", "true or false"),
        ("elasticsearch+https://one/p?ca=/none.pem", "no readable file"),
    ],
)
def test_a_wrong_address_is_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(UnknownEngineError, match=sentence):
        create_engine(url)


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(UnknownEngineError, match=r"ca\.pem"):
        create_engine(f"elasticsearch+https://one/p?ca={tmp_path}/ca.pem")


def test_no_message_repeats_a_password() -> None:
    for rest in ("one:port/p", "one/P", "one/p?x=1"):
        with pytest.raises(UnknownEngineError) as raised:
            create_engine(f"elasticsearch://user:geheim@{rest}")
        assert "geheim" not in str(raised.value)
