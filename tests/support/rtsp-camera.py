#!/usr/bin/python3
"""Cameras of a test's own, by GStreamer's RTSP server: rtsp-camera.py PORT USER PASSWORD

/ball is H.264, /vp8 is not; both with a sound of 440 Hz in G.711. /mute has none, /aac has one in AAC. /described is H.264 whose parameter sets stand in the description of the
stream and nowhere else (RFC 6184, 8.2.1). Whoever comes needs the user and the password. Says "ready". On SIGUSR1 each begins its next picture anew (a key frame).
"""
import signal
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

port, user, password = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)

auth = GstRtspServer.RTSPAuth()
token = GstRtspServer.RTSPToken()
token.set_string("media.factory.role", "viewer")
auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
server.set_auth(auth)

picture = (
    "videotestsrc is-live=true pattern=ball ! video/x-raw,width=640,height=360,framerate=15/1 ! videoconvert ! "
)
sound = " audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0"
aac = " audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! voaacenc ! rtpmp4gpay name=pay1 pt=97"
h264 = "x264enc name=encoder tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=500 ! rtph264pay name=pay0 pt=96"
described = h264.replace("! rtph264pay", "! h264parse ! video/x-h264,stream-format=avc ! rtph264pay config-interval=0")
vp8 = "vp8enc deadline=1 cpu-used=8 keyframe-max-dist=15 ! rtpvp8pay name=pay0 pt=96"


encoders = []


def begin_anew():
    for encoder in encoders:
        wanted = Gst.Structure.new_from_string("GstForceKeyUnit, all-headers=(boolean)true, count=(uint)1")
        encoder.get_static_pad("src").send_event(Gst.Event.new_custom(Gst.EventType.CUSTOM_UPSTREAM, wanted))
    return True


def constructed(_factory, media):
    encoder = media.get_element().get_by_name("encoder")
    if encoder is not None:
        encoders.append(encoder)
        media.connect("unprepared", lambda _media: encoders.remove(encoder))


def mount(path, encoder, sound=sound):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {picture}{encoder}{sound} )")
    factory.set_shared(True)
    factory.connect("media-configure", constructed)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)
    server.get_mount_points().add_factory(path, factory)


mount("/ball", h264)
mount("/described", described)
mount("/mute", h264, "")
mount("/aac", h264, aac)
mount("/vp8", vp8)
server.attach(None)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGUSR1, begin_anew)
print("ready", flush=True)
GLib.MainLoop().run()
