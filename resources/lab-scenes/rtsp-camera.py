#!/usr/bin/python3
"""A camera by GStreamer's RTSP server: rtsp-camera.py CLIP.ivf

Shows the clip (VP8 in IVF) over and over as H.264, at rtsp://127.0.0.1:PORT/street. Says "port PORT" once it is there,
and ends when its standard input does.
"""
import struct
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

FILE_HEADER = 32
FRAME_HEADER = 12
KEY_FRAME_EVERY = 25


def frames_of(clip):
    """The clip's width, height, frames a second, and frames."""
    width, height, rate, scale = struct.unpack_from("<HHII", clip, 12)
    frames = []
    at = FILE_HEADER
    while at + FRAME_HEADER <= len(clip):
        (size,) = struct.unpack_from("<I", clip, at)
        at += FRAME_HEADER
        frames.append(clip[at : at + size])
        at += size
    return width, height, rate / scale, frames


Gst.init(None)
with open(sys.argv[1], "rb") as file:
    width, height, rate, frames = frames_of(file.read())


def play(_factory, media):
    """Gives the clip's frames to whoever watches, for as long as anybody does."""
    source = media.get_element().get_by_name("clip")
    playing = {"next": 0, "timer": None}

    def step():
        source.emit("push-buffer", Gst.Buffer.new_wrapped(frames[playing["next"] % len(frames)]))
        playing["next"] += 1
        return True

    def prepared(_media):
        playing["timer"] = GLib.timeout_add(round(1000 / rate), step)

    def unprepared(_media):
        if playing["timer"] is not None:
            GLib.source_remove(playing["timer"])
            playing["timer"] = None

    media.connect("prepared", prepared)
    media.connect("unprepared", unprepared)
    # It is prepared with the first frame, and has none before.
    step()


server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f"( appsrc name=clip is-live=true do-timestamp=true format=time caps=video/x-vp8,width={width},height={height},framerate={round(rate)}/1"
    " ! vp8dec ! videoconvert"
    f" ! x264enc tune=zerolatency speed-preset=ultrafast threads=1 key-int-max={KEY_FRAME_EVERY} bitrate=800"
    " ! video/x-h264,profile=constrained-baseline ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)
factory.set_shared(True)
factory.connect("media-configure", play)
server.get_mount_points().add_factory("/street", factory)
if server.attach(None) == 0:
    sys.exit("no port for the camera")
print("port", server.get_bound_port(), flush=True)
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP, lambda *_: loop.quit())
loop.run()
