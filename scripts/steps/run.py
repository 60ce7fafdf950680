"""Installs, trains and migrates what is needed, then runs the product's processes."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from scripts.steps import settings, supervise, wechat_twin
from scripts.steps.install import install
from scripts.steps.places import APP_PYTHON, RASA_PYTHON, ROOT, logs
from scripts.steps.settings import Address
from scripts.steps.supervise import Process, Supervisor
from scripts.steps.tell import Command, main, say, watch
from scripts.steps.train import RASA_ENVIRONMENT, ensure_model

READY_SECONDS = 180.0
HEARTBEAT_SECONDS = 10.0
RASA_SETTLE_SECONDS = 30  # loading the model takes most of this on a small machine
RASA_SERVING = {
    **RASA_ENVIRONMENT,
    "SANIC_ACCESS_LOG": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # Its matrices are small: threads would only take the second core from the app.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


def run(*, skip_install: bool, with_wechat_twin: bool = False) -> int:
    """Everything from a fresh checkout to a served page; returns when stopped.

    Raises:
        Failure: a step before the start went wrong; nothing was left running.
    """
    settings.load()
    places = settings.addresses()
    settings.check_free(places)
    twin = wechat_twin.place() if with_wechat_twin else None
    if twin is not None:
        settings.check_free({"wechat-twin": twin})
        wechat_twin.take_over(twin)
    if not skip_install:
        install(tests=with_wechat_twin)  # the twin's own crypto is one of the tests' packages
    model = ensure_model()
    watch([APP_PYTHON, "-m", "bot", "migrate"], "更新数据库", log="migrate.log")
    bring_in_rules()
    settings.check_free(places)  # the steps above may have taken minutes
    say("… 启动各个进程(Rasa 读取模型需要一些时间)")
    started = processes(places, model)
    if twin is not None:
        started.append(wechat_twin.process(places, twin))

    def meanwhile(running: Supervisor) -> None:
        _wait_ready(running, places["app"])
        if twin is not None:
            wechat_twin.tell(twin)

    return supervise.run(started, meanwhile=meanwhile)


def bring_in_rules() -> None:
    """Take the policy files in. One that cannot be used is said aloud and changes nothing where
    rules run already.

    Raises:
        Failure: such a file, and no rules to run without it.
    """
    command: Command = [APP_PYTHON, "-m", "bot", "policy", "import", "--keep-running"]
    watch(command, "导入售后规则", log="policy.log")
    for line in (logs() / "policy.log").read_text("utf-8", errors="replace").splitlines():
        if line.startswith("! "):
            say(line)


def processes(places: Mapping[str, Address], model: Path) -> list[Process]:
    """The processes; all but the app listen on loopback alone, the worker on nothing."""
    rasa = places["rasa"]
    files: Command = [
        "--model",
        model,
        "--endpoints",
        "endpoints.yml",
        "--credentials",
        "credentials.yml",
    ]
    listen = ["--interface", rasa.host, "--port", str(rasa.port)]
    rasa_command: Command = [RASA_PYTHON, "-m", "rasa_ext.serve", "run", *listen, *files]
    return [
        Process("app", "网页与接口", [APP_PYTHON, "-m", "bot", "serve"]),
        Process("actions", "动作服务", [APP_PYTHON, "-m", "actions"]),
        Process("worker", "定时任务", [APP_PYTHON, "-m", "bot", "worker"]),
        Process("desk", "客服工作台", [APP_PYTHON, "-m", "bot", "desk"]),
        Process("rasa", "语言理解(Rasa)", rasa_command, RASA_SETTLE_SECONDS, RASA_SERVING),
    ]


def _wait_ready(running: Supervisor, app: Address) -> None:
    """Say when everything answers; if that takes too long say so and keep running."""
    host = f"[{app.near}]" if ":" in app.near else app.near
    base = f"http://{host}:{app.port}"
    began = told = time.monotonic()
    while running.alive and not running.stopping:
        now = time.monotonic()
        if is_ready(f"{base}/readyz"):
            say(f"✓ ready(用时 {now - began:.0f} 秒)  顾客页面:{base}/  客服工作台:{base}/desk")
            _tell_first_login()
            say(f"  Ctrl-C 停止;日志在 {logs()}")
            return
        if now - began > READY_SECONDS:
            say(f"! {READY_SECONDS:.0f} 秒后仍未就绪:看 {base}/readyz 和 {logs()}。继续运行")
            return
        if now - told > HEARTBEAT_SECONDS:
            told = now
            say(f"  启动中:已用 {now - began:.0f} 秒")
        running.wait(0.3)


def _tell_first_login() -> None:
    """The administrator's first password, until it has been changed."""
    command = [str(APP_PYTHON), "-m", "bot", "users", "first", "--json"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    first = json.loads(told.stdout or "{}") if told.returncode == 0 else {}
    if first:
        say(f"  第一次登录工作台:{first['login']}  密码:{first['first_password']}(登录后要换)")


def is_ready(url: str) -> bool:
    """Whether the app says that it and all it needs are there; never asks a proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    main(
        lambda: run(
            skip_install="--skip-install" in sys.argv[1:],
            with_wechat_twin=wechat_twin.FLAG in sys.argv[1:],
        )
    )
