"""`pool init|invite|revoke`: which other machines may help to look at the videos."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path

from sorterd.commands.context import print_json
from sorterd.commands.failure import CommandFailed, WrongUsage
from sorterd.commands.library import found_state, named
from sorterd.commands.sentences import say
from sorterd.config import Config
from sorterd.pool.home.certificates import FOLDER
from sorterd.pool_address import PORT, split


def pool(options: argparse.Namespace) -> int:
    """Make the authorities, or write or revoke an invitation."""
    try:
        from sorterd.pool.authority import AuthorityError
        from sorterd.pool.invitation import InvitationError
    except ModuleNotFoundError as error:
        raise CommandFailed(f"this needs {error.name}: pip install 'sorterd[pool]'") from error
    if (options.name is None) != (options.action == "init"):
        raise WrongUsage(
            "'sorterd pool init' takes no name"
            if options.name
            else f"which machine? type 'sorterd pool {options.action} NAME', with a name of your own for it"
        )
    config, _, _ = found_state(named(options))
    try:
        document = {"init": _init, "invite": _invite, "revoke": _revoke}[options.action](options, config)
    except (AuthorityError, InvitationError) as error:
        raise CommandFailed(str(error)) from error
    if options.json:
        print_json(document)
    else:
        say(document.pop("text"))
    return 0


def _init(_options: argparse.Namespace, config: Config) -> dict[str, str]:
    from sorterd.pool import authority
    from sorterd.pool.invitation import now_utc

    folder = _folder(config)
    authority.make(folder, now=now_utc())
    text = f"Made {folder}. Next, for each machine that may help: 'sorterd pool invite NAME'"
    return {"folder": str(folder), "text": text}


def _invite(options: argparse.Namespace, config: Config) -> dict[str, str]:
    from sorterd.pool.authority import write_secret
    from sorterd.pool.invitation import invite, now_utc, revoke

    port = split(config.pool.listen)[1] if config.pool.listen else PORT
    address = options.address or f"tls://{socket.gethostname()}:{port}"
    output: Path = options.output or Path(f"{options.name}.invitation")
    if output.exists():
        raise CommandFailed(f"{output} is there already; name another file with --output")
    content = invite(_folder(config), options.name, address, now=now_utc(), days=options.days)
    try:
        write_secret(output, content)
    except OSError as error:
        revoke(_folder(config), options.name)
        raise CommandFailed(f"{output} cannot be written: {error.strerror}") from error
    text = (
        f"Wrote {output}. Copy it to {options.name}, and there type 'sorterd worker --invitation FILE'. "
        f"It will look for this computer at {address}."
    )
    return {"file": str(output), "address": address, "text": text}


def _revoke(options: argparse.Namespace, config: Config) -> dict[str, str]:
    from sorterd.pool.invitation import revoke

    revoke(_folder(config), options.name)
    return {"revoked": options.name, "text": f"{options.name} is not accepted any more."}


def _folder(config: Config) -> Path:
    return Path(config.pool.invitations) if config.pool.invitations else config.state_dir / FOLDER
