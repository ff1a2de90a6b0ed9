"""What posts to https receivers are made with; a file that does not serve is told with what would."""

from __future__ import annotations

import ssl

import pytest

from simulator.errors import UsageError
from simulator.server.tls import client_context, tls_context
from simulator.settings import Settings
from tests.server.certificates import Certificate


def test_without_a_word_the_machine_decides_and_insecure_checks_nothing():
    assert tls_context(Settings()) is True
    assert tls_context(Settings(insecure=True)) is False


def test_connections_are_secured_as_was_decided():
    checked, unchecked, own = client_context(True), client_context(False), ssl.create_default_context()

    assert (checked.verify_mode, checked.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (unchecked.verify_mode, unchecked.check_hostname) == (ssl.CERT_NONE, False)
    assert client_context(True) is checked
    assert client_context(own) is own


def test_authority_of_the_operator_counts_besides_those_of_the_machine(tmp_path):
    context = tls_context(Settings(ca=str(Certificate(tmp_path).file)))

    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    ours = [one for one in context.get_ca_certs() if one["subject"] == ((("commonName", "127.0.0.1"),),)]
    assert len(ours) == 1
    assert len(context.get_ca_certs()) == len(ssl.create_default_context().get_ca_certs()) + 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(
            lambda file: file.write_text("not a certificate"),
            "ca: the file holds no certificates; expected certificates in PEM form, which begin with "
            "-----BEGIN CERTIFICATE-----, found {file}.",
            id="other text",
        ),
        pytest.param(
            lambda file: None,
            "ca: the file cannot be read; found {file}: no such file or directory.",
            id="missing",
        ),
        pytest.param(
            lambda file: file.mkdir(),
            "ca: the file cannot be read; found {file}: is a directory.",
            id="a directory",
        ),
    ],
)
def test_file_without_certificates_is_told_with_what_would_do(tmp_path, make, message):
    file = tmp_path / "own.pem"
    make(file)

    with pytest.raises(UsageError) as raised:
        tls_context(Settings(ca=str(file)))

    assert str(raised.value) == (
        f"{message.format(file=file)} Name the file with the certificate of the authority that signed the receiver's."
    )
