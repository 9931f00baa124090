"""Names of what lies among the videos but is not the user's: litter of systems, packages, folders of downloads.

This is the only table of such names. A folder with one of them is never entered, so it is never a category either.
"""

from __future__ import annotations

import re

from sorterd.library.kinds import DEFAULT_EXTENSIONS, extension, words

# Our own temporary files. The leading dot hides them from people too.
OWN_PREFIX = ".sorterd-"
OWN_SUFFIX = ".part"

# Folders and files that systems leave behind and hide from people; compared in lower case.
_LITTER = words(
    """
    @eadir @recycle @recently-snapshot #recycle #snapshot lost+found $recycle.bin recycler __macosx thumbs.db
    ehthumbs.db desktop.ini .ds_store .localized .directory .nomedia .hidden .trash .trashes .fseventsd .temporaryitems
    .documentrevisions-v100 .appledouble .appledb .appledesktop .stfolder .stversions .stignore .sync .dropbox
    .dropbox.cache .owncloudsync.log .nextcloudsync.log .tmp.drivedownload .tmp.driveupload .rsync-partial .snapshot
    .snapshots .zfs .git .thumbnails .cache .actors
    """
) | {"system volume information", "network trash folder", "temporary items", "icon\r"}
_LITTER_PREFIXES = (OWN_PREFIX, ".trash-", ".spotlight-", ".csync_", "._sync_")

# Folders that macOS shows as one file ("packages", by their exported types), and such folders of other programs
# ("trickplay": pictures for Jellyfin's seek bar).
_PACKAGES = words(
    """
    app appex bundle framework plugin kext prefpane saver workflow xpc dsym lproj photoslibrary photolibrary aplibrary
    migratedphotolibrary migratedaplibrary photoboothlibrary imovielibrary imovieproject imovieproj imovieevent
    imoviemobile rcproject theater tvlibrary fcpbundle fcpproject fcpevent fcpcache dvdproj musiclibrary itlp ite band
    logicx garageband pages numbers key rtfd sparsebundle backupbundle xcodeproj xcworkspace xcassets playground
    screenflow cmproj tscproj capcutproject lrdata lrlibrary noindex trickplay
    """
)
_PACKAGE_NAMES = frozenset(("photo booth library", "iphoto library", "aperture library"))

# `x.mp4.download` (Safari), `x.crdownload`, and the folder in which macOS programs put what they are saving.
_UNFINISHED = re.compile(
    r".+\.(download|crdownload|part|partial|tmp|temp|incomplete)|\(a document being saved by .*", re.DOTALL
)

_AS_A_VIDEO = re.compile(rf".*\S\.({'|'.join(sorted(DEFAULT_EXTENSIONS))})(?![a-z0-9]).*", re.DOTALL)


def is_own_part(name: str) -> bool:
    """Return whether this is the temporary file of one of our own copies."""
    return name.startswith(OWN_PREFIX) and name.endswith(OWN_SUFFIX)


def is_litter(name: str) -> bool:
    """Return whether a file or folder of this name belongs to a system, a program or us, and needs no mention."""
    lower = name.lower()
    return lower in _LITTER or lower.startswith(_LITTER_PREFIXES)


def is_hidden(name: str) -> bool:
    """Return whether a leading dot hides this name. Two or more dots are a caption: "...wait for it"."""
    return name.startswith(".") and not name.startswith("..")


def why_not_entered(name: str) -> str | None:
    """Return why a folder of this name is never entered, or None if it is."""
    lower = name.lower()
    if is_hidden(name):
        return "hidden folder (its name begins with a dot)"
    if is_litter(name):
        return "folder of the system"
    if extension(name) in _PACKAGES or lower in _PACKAGE_NAMES:
        return "package of another program"
    if _UNFINISHED.fullmatch(lower):
        return "folder of something that is still being saved"
    if _AS_A_VIDEO.fullmatch(lower):
        return "folder with the name of a video"
    return None


def of_no_interest(name: str) -> bool:
    """Return whether changes of a file or folder of this name never call for a scan."""
    return is_litter(name) or (is_hidden(name) and extension(name) not in DEFAULT_EXTENSIONS)
