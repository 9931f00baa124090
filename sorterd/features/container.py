"""Open one untrusted media file safely. Only this module hands a path to FFmpeg."""

from __future__ import annotations

import errno
import os
import stat
from io import FileIO

import av
from av.container import InputContainer
from av.stream import Discard, Disposition, Stream
from av.video.stream import VideoStream

from sorterd import cloud, disk_errors
from sorterd.features.file_type import why_no_video

MAX_PIXELS = 2**26
"""Pictures above 67 megapixels are refused: 8K (33) and square 8K (67) fit, one frame stays under 300 MB."""

# Demuxers that read one file. With playlists (hls, concat, dash, sdp) a file named x.mp4 could open other files or
# URLs.
_FORMATS = ",".join(
    (
        "mov,matroska,avi,flv,live_flv,kux,mpegts,mpeg,asf,asf_o,ogg,mxf,gxf,rm,ivr,dv,nut,ivf,wtv,ty,swf,nsv,nuv,pva,dhav",
        "gif,apng,mpegvideo,m4v,h261,h263,h264,hevc,vvc,evc,obu,av1,apv,avs2,avs3,cavsvideo,vc1,vc1test,dirac,dnxhd",
        "mjpeg,mpjpeg,smjpeg,mjpeg_2000,yuv4mpegpipe,lxf,mtv,vivo,flic,roq,bink,smk",
        "aac,mp3,wav,flac",  # to be able to say that there is only sound
    )
)


CENTURY = 100 * 365 * 24 * 3600.0
"""Seconds that no video lasts. In nanoseconds they still fit into the 64 bits that FFmpeg counts in."""


class UnreadableVideo(Exception):
    """This file gives no features. `reason` is one short sentence that continues "NAME ...". `transient`: try again.

    `seems_whole`: there are pictures in it, so another decoder may decode them.
    """

    def __init__(self, reason: str, *, transient: bool = False, seems_whole: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.transient = transient
        self.seems_whole = seems_whole


def length(container: InputContainer) -> float:
    """Return the length that the file claims, in seconds, 0 if it claims none that can be."""
    seconds = (container.duration or 0) / av.time_base
    return seconds if 0 < seconds < CENTURY else 0.0


def is_lasting(error: av.error.FFmpegError) -> bool:
    """Return whether the error comes from the file itself, not from the disk or a lack of memory, which may pass."""
    return error.errno != errno.ENOMEM and not disk_errors.may_pass(error.errno)


def because(error: av.error.FFmpegError) -> UnreadableVideo:
    """Return the error to raise for an FFmpeg error: temporary if the disk is the cause, lasting if the file is."""
    if cloud.refused(error.errno):
        return UnreadableVideo(cloud.REASON, transient=True)
    if disk_errors.may_pass(error.errno):
        return UnreadableVideo(f"cannot be read: {error.strerror}", transient=True)
    return UnreadableVideo(f"is damaged and cannot be decoded ({error.strerror})")


class _Beginning:
    """An open file that ends after `most` bytes were read from it, wherever they lie. For FFmpeg."""

    def __init__(self, path: bytes, most: int) -> None:
        self._file = FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        self._left = most
        self.name = os.fsdecode(path)
        self.seek, self.tell, self.close = self._file.seek, self._file.tell, self._file.close

    def __del__(self) -> None:
        self._file.close()

    def read(self, count: int) -> bytes:
        data = self._file.read(min(count, self._left)) or b""
        self._left -= len(data)
        return data


def open_container(path: bytes, most: int | None = None) -> InputContainer:
    """Return the open container of the file at an absolute path. The caller closes it. Raise UnreadableVideo.

    With `most` the file seems to end after that many bytes were read, which is enough for its header.
    """
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe would block for ever
        try:
            status = os.fstat(file)
        finally:
            os.close(file)
    except FileNotFoundError as error:
        raise UnreadableVideo("has disappeared", transient=True) from error
    except PermissionError as error:
        raise UnreadableVideo("cannot be read: permission denied", transient=True) from error
    except OSError as error:
        raise UnreadableVideo(f"cannot be read: {error.strerror}", transient=True) from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableVideo("is not a regular file")
    if status.st_size == 0:
        raise UnreadableVideo("is empty (0 bytes)")
    options = {"protocol_whitelist": "file", "format_whitelist": _FORMATS, "max_pixels": str(MAX_PIXELS)}
    try:
        file_ = os.fsdecode(path) if most is None else _Beginning(path, most)
        return av.open(file_, "r", options=options, metadata_errors="ignore")
    except av.error.FileNotFoundError as error:
        raise UnreadableVideo("has disappeared", transient=True) from error
    except (av.error.InvalidDataError, av.error.ArgumentError, av.error.EOFError, av.error.PatchWelcomeError) as error:
        raise UnreadableVideo(why_no_video(path)) from error
    except av.error.FFmpegError as error:
        raise because(error) from error


def picture_stream(container: InputContainer) -> VideoStream:
    """Return the main video stream of an open container. Raise UnreadableVideo if there is none, or it is too large."""
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not streams:
        raise UnreadableVideo("has no picture (sound only)" if container.streams.audio else "has no picture")
    best = container.streams.best("video")
    stream = best if isinstance(best, VideoStream) and best in streams else streams[0]
    if stream.codec_context is None:  # no decoder, so the size is unknown too
        return stream
    width, height = stream.width or 0, stream.height or 0
    if width * height > MAX_PIXELS:
        raise UnreadableVideo(f"has pictures of {width}x{height} pixels, too large to decode")
    return stream


def read_only(container: InputContainer, *wanted: Stream) -> None:
    """Make the demuxer skip the packets of all other streams, and not read them if it can."""
    for stream in container.streams:
        stream.discard = Discard.default if stream in wanted else Discard.all
