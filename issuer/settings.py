"""What an operator may set, each by an environment variable ``LEARNSEAL_…``."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Read once by `app` and `cli`; everything else gets it as an argument."""

    model_config = SettingsConfigDict(env_prefix="LEARNSEAL_", frozen=True, extra="forbid")

    data: Path = Path("data")
    """Folder of everything this service keeps: database, keys, published status lists."""

    base_url: str = "http://localhost:8000"
    """Where the world reaches this service, without a slash at the end."""

    database_url: str = ""
    """SQLAlchemy URL; empty = ``learnseal.sqlite`` in the data folder."""

    passphrase_file: Path | None = None
    """File with the passphrase of the signing keys; none = ``passphrase`` in the data folder."""

    signer: Path | None = None
    """Socket of the signing process (`learnseal signer`); none = this process opens the keys."""

    wallet: bool = True
    """Serve the web wallet under ``/wallet/``, for learners who have none."""

    vc_api_token: Annotated[str, Field(repr=False)] = ""
    """Bearer token of integrators that issue through VC-API; none = only on this machine."""

    vc_api_status: bool = True
    """Whether credentials signed through VC-API that bring no status get one of ours."""

    oidc_issuer: str = ""
    """OpenID provider of the staff's universities (https address); empty = none."""

    oidc_client_id: str = ""
    """How the provider knows this service."""

    oidc_client_secret_file: Path | None = None
    """File with the secret shared with the provider; none = a public client (PKCE alone)."""

    oidc_label: str = ""
    """What the button says: *Sign in with …*; empty = the provider's host."""

    log_format: Literal["text", "json"] = "text"
    """How processes that serve write their log (to stderr)."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    """``INFO`` adds a line for each request: method, route, status, time; never an address."""

    database_pool: Annotated[int, Field(ge=1, le=200)] = 5
    """Connections each process keeps open to PostgreSQL."""

    smtp_host: str = ""
    """The mail server claim links are sent through; empty = no mail."""

    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587

    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    """How the connection is protected; ``none`` only for a server on this machine."""

    smtp_user: str = ""
    smtp_password: Annotated[str, Field(repr=False)] = ""
    smtp_from: str = ""
    """The address mail comes from; empty = ``no-reply@`` the host of the base URL."""

    smtp_sender_domains: str = ""
    """Domains, apart by commas, organisations may send mail from, besides our own sender's."""

    mail_folder: Path | None = None
    """Keep mails in this folder instead of sending them, on this machine only: for demos."""

    seal_key: str = ""
    """The key of the e-seal: ``file:seal.p12`` or ``pkcs11:…``; empty = no e-seal of our own."""

    seal_certificate: Path | None = None
    """Certificates (PEM, the seal's first) of a key that comes without, such as one on a token."""

    seal_passphrase_file: Path | None = None
    """File with the passphrase or PIN of the seal key; none = that of the signing keys."""

    timestamp_url: str = ""
    """Timestamp authority (RFC 3161); empty = seals that end with their certificate."""

    @property
    def origin(self) -> str:
        """The base URL as it appears in documents: never with a slash at the end."""
        return self.base_url.rstrip("/")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.data / 'learnseal.sqlite'}"

    @property
    def keys(self) -> Path:
        """Folder of the encrypted key files."""
        return self.data / "keys"

    @property
    def seal(self) -> Path:
        """Folder of the throw-away test seal, where one was made."""
        return self.data / "seal"

    @property
    def trust(self) -> Path:
        """Folder of the authorities whose seals and timestamps we believe."""
        return self.data / "trust"

    @property
    def published(self) -> Path:
        """Folder of the signed status lists, served even when the database is down."""
        return self.data / "status"
