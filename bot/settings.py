"""Settings from the environment or `.env`, each with a default that works."""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """One field per setting of the deployment; names are the environment's, in lower case.

    Secrets have no default: `scripts/run` writes them into `var/secrets.env`, and a process
    started without them refuses to start.
    """

    model_config = SettingsConfigDict(
        env_file=(ROOT / "var" / "secrets.env", ROOT / ".env"), extra="ignore"
    )

    var_dir: Path = ROOT / "var"
    database_url: str = ""
    redis_url: str | None = None
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")
    rasa_timeout: float = 10.0
    actions_url: str = "http://127.0.0.1:5055/webhook"
    actions_token: SecretStr = SecretStr("")
    app_host: str = "127.0.0.1"
    app_port: int = 8000
    secret_key: SecretStr = SecretStr("")
    shop_default: str = "dept_fashion"
    timezone: str = "Asia/Shanghai"
    clock: datetime | None = None
    lanes: int = 8
    chat_rate: str = "60/minute"  # lines of one conversation
    decide_rate: str = "300/minute"  # decisions asked for by one address
    open_rate: str = "120/minute"  # conversations opened by one address
    photo_rate: str = "20/minute"  # photos of one conversation
    photo_crowd_rate: str = "200/minute"  # photos from one address
    embed_origins: str = "'self'"  # who may show the page in a frame of its own

    @cached_property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The SQLAlchemy address; SQLite in `var_dir` unless another is set."""
        return self.database_url or f"sqlite:///{self.var_dir / 'desk.sqlite3'}"
