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
    # Addresses or networks of the proxies in front, whose word for who calls is taken; by commas.
    trusted_proxies: str = "127.0.0.1"
    public_url: str = ""  # where shoppers reach the gateway, https://…; WeChat names pages by it
    desk_port: int = 8010  # on loopback; the gateway shows it at /desk
    sign_in_rate: str = "20/minute"  # attempts to sign in at the desk from one address
    secret_key: SecretStr = SecretStr("")
    orders_url: str | None = None  # unset: sample orders
    orders_token: SecretStr = SecretStr("")
    retain_days: int = 1095  # a shopper silent so long, with nothing under way, is erased; 0: never
    api_rate: str = "600/minute"  # calls of one key, and of one address
    webhook_tries: int = 8  # attempts of one call, over about 20 minutes
    webhook_private: bool = False  # webhooks may point into the private network, without TLS
    shop_default: str = "dept_fashion"
    timezone: str = "Asia/Shanghai"
    warn_share: float = 0.8  # of a promised time, after which somebody is warned
    clock: datetime | None = None
    lanes: int = 8
    chat_rate: str = "60/minute"  # lines of one conversation
    decide_rate: str = "300/minute"  # decisions asked for by one address
    decide_crowd_rate: str = "3000/minute"  # decisions asked for by all addresses
    asked_days: int = 90  # decisions that programs asked for are kept so long after the last time
    asked_most: int = 100_000  # and never more of them than this: about 300 MB
    open_rate: str = "120/minute"  # conversations opened by one address
    photo_rate: str = "20/minute"  # photos of one conversation
    photo_crowd_rate: str = "200/minute"  # photos from one address
    embed_origins: str = "'self'"  # who may show the page in a frame of its own
    wechat_app_id: str = ""
    wechat_app_secret: SecretStr = SecretStr("")
    wechat_token: SecretStr = SecretStr("")
    wechat_aes_key: SecretStr = SecretStr("")
    wechat_aes_key_previous: SecretStr = SecretStr("")  # still read while keys are changed
    wechat_security: str = ""  # plain, compatible or secure; by itself by the key
    wechat_shop: str | None = None  # the shop of the default account
    wechat_api_base: str = "https://api.weixin.qq.com"
    wechat_patience: float = 4.0  # seconds that a callback waits for its answer
    wechat_rate: int = 20  # customer-service messages of one account a second

    @cached_property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The SQLAlchemy address; SQLite in `var_dir` unless another is set."""
        return self.database_url or f"sqlite:///{self.var_dir / 'desk.sqlite3'}"
