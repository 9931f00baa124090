"""The text of a systemd unit, with a reason for each line that takes something away, and for some that do not.

systemd-analyze security gives the user unit 4.9, with real models running under it (systemd 252 and 257).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sorterd.service.words import argument, setting

_UNIT = """\
[Unit]
Description=sorterd{of}, files saved videos into the folders you already have
# It never stops trying: a full disk may be emptied, a lock released, a config corrected.
StartLimitIntervalSec=0

[Service]
# It sends READY=1 when the database and the watcher work, and in STATUS= what it does or waits for.
Type=notify
ExecStart={command}
# 'systemctl {user}reload' reads the config again.
ExecReload=/bin/kill -HUP $MAINPID
{environment}Restart=on-failure
RestartSec=30
# It pings from its own loop, and only while the watcher works.
WatchdogSec=180
# A sync that is reading a large file, and a move to another disk, are finished first.
TimeoutStopSec=60
SyslogIdentifier=sorterd
# Lines of the log carry their own priority; a line without one is a crash.
SyslogLevel=err

# The kernel kills a worker that uses up the memory; the service goes on with a new one.
OOMPolicy=continue

# The desktop comes first.
Nice=10
IOSchedulingClass=idle
CPUSchedulingPolicy=batch

# Rights that it never needs, so that an attacker who takes it over with a hostile video does not get them either. The
# worker, which opens the videos, gives up much more by itself (Landlock, seccomp). systemd-analyze does not show that.
# No setuid program, other personality, setuid file, real-time priority or namespace, and no system calls of 32 bits.
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictNamespaces=yes
SystemCallArchitectures=native
# New files are yours alone.
UMask=0077
# Local sockets for commands and for systemd, the internet for fetching models; nothing else.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
# The system calls of services, and those with which the worker confines itself. chown stays allowed: a copy to another
# disk keeps its group. So do @resources: the worker lowers its own limits. EPERM instead of a kill: libraries try a
# call and do without it.
SystemCallFilter=@system-service landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp
SystemCallErrorNumber=EPERM
{more}
# Not here, and why:
#   MemoryDenyWriteExecute   oneDNN, which multiplies for PyTorch, writes machine code and runs it
#   PrivateDevices, DeviceAllow, PrivateIPC   CUDA needs its devices, some of which appear after the start
#   ProtectHome, ProtectSystem=strict, PrivateTmp, RootDirectory   videos lie anywhere; ReadWritePaths= would turn moves
#                            between mount points into copies, and keep a disk busy that you want to unmount
#   ProcSubset, ProtectProc  PyTorch reads /proc/cpuinfo, and the watcher /proc/sys; hiding the processes of others
#                            needs a separate /proc, which containers refuse
#   PrivateNetwork, IPAddressDeny   models are fetched once, and the folder may lie on a server
#   KeyringMode              keys of encrypted folders and of servers are in your keyring
{more_not}
[Install]
WantedBy={target}
"""

_NAMESPACES = """\
# It may not change the clock, host name, kernel modules, kernel settings, control groups, programs or /etc, nor read
# the kernel's log. From systemd 254 on this puts a user unit into a mount and a user namespace: files of other users
# seem to belong to nobody; disks can be mounted and unmounted as before. If it fails (226/NAMESPACE, in some
# containers), remove these lines.
{clock}ProtectHostname=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
ProtectKernelLogs=yes
ProtectSystem=full
PrivateMounts=yes
"""

_NOT_FOR_A_USER = """\
#   PrivateUsers, CapabilityBoundingSet   it has no capabilities; a user unit needs a user namespace to drop their
#                            bound, and would not start on the many systems that refuse one
"""

_OF_THE_SYSTEM = """\
CapabilityBoundingSet=
"""
_NOT_FOR_THE_SYSTEM = """\
#   ProtectClock             would close the graphics card too (DevicePolicy=closed); the capability is gone anyway
"""


def user_unit(command: str, environment: str = "", *, of: str = "", namespaces: bool = True) -> str:
    """Return a unit for the user's own manager. Some systems refuse `namespaces` to users."""
    return _UNIT.format(
        of=of,
        user="--user ",
        command=command,
        environment=environment,
        more=_NAMESPACES.format(clock="ProtectClock=yes\n") if namespaces else "",
        more_not=_NOT_FOR_A_USER,
        target="default.target",
    )


def system_unit(command: str, user: str) -> str:
    """Return a unit for the system's manager, run as `user`."""
    return _UNIT.format(
        of="",
        user="",
        command=command,
        environment=f"User={user}\n",
        more=_NAMESPACES.format(clock="") + _OF_THE_SYSTEM,
        more_not=_NOT_FOR_THE_SYSTEM,
        target="multi-user.target",
    )


def command_line(words: Sequence[str]) -> str:
    """Return the value of ExecStart= for these words."""
    return " ".join(map(argument, words))


def environment_lines(variables: Mapping[str, str]) -> str:
    """Return one Environment= line for each variable."""
    return "".join(f"Environment={setting(f'{name}={value}')}\n" for name, value in variables.items())
