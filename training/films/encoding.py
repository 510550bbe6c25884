"""ffmpeg's part: mastering the track, encoding the film in two formats, small pictures. The same input gives the same
bytes: no metadata, bit-exact containers, a fixed number of threads."""

import re
from collections.abc import Sequence
from pathlib import Path

from training.films.programs import ffmpeg_version, run
from training.films.store import Store, sum_of
from training.films.timing import FRAME

LOUDNESS = -16.0
"""LUFS, integrated (EBU R 128 measure): what speech on the web is brought to."""
CEILING = 0.63
"""The limiter's ceiling (-4 dB): lossy codecs overshoot by up to 3 dB."""
RECIPE = 1
"""Raised when this module makes other bytes from the same input."""

EXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
COLOUR = (
    "-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
    "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
)  # fmt: skip
H264 = (
    "-c:v", "libx264", "-preset", "slow", "-tune", "animation", "-crf", "30", "-profile:v", "high",
    "-level:v", "3.1", "-refs", "4", "-g", "250", "-threads:v", "2", "-x264-params", "lookahead-threads=1",
)  # fmt: skip
AV1 = (
    "-c:v", "libsvtav1", "-preset", "7", "-crf", "54", "-g", "250", "-svtav1-params", "lp=2:scm=1",
)  # fmt: skip
AAC = ("-c:a", "aac", "-b:a", "48k", "-ac", "1", "-af", "aformat=sample_fmts=fltp")
OPUS = ("-c:a", "libopus", "-b:a", "24k", "-ac", "1", "-application", "voip", "-af", "aformat=sample_fmts=flt")

MP4_TYPE = 'video/mp4; codecs="avc1.64001F, mp4a.40.2"'
WEBM_TYPE = 'video/webm; codecs="av01.0.05M.08, opus"'


def mastered(store: Store, track: Path) -> Path:
    """Return the track at the loudness of the web, never clipped."""

    def make(target: Path) -> None:
        gain = LOUDNESS - loudness(track)
        limiter = f"volume={gain:.2f}dB,alimiter=limit={CEILING}:level=false:attack=3:release=60"
        run("ffmpeg", "-v", "error", "-i", track, "-af", limiter, "-c:a", "pcm_s16le", "-bitexact", target)

    return store.file("master", [RECIPE, sum_of(track), LOUDNESS, CEILING, ffmpeg_version()], ".wav", make)


def loudness(sound: Path) -> float:
    """Return the integrated loudness of a film or track in LUFS (EBU R 128)."""
    report = run("ffmpeg", "-hide_banner", "-nostats", "-i", sound, "-vn", "-af", "ebur128", "-f", "null", "-").report
    found = re.findall(r"I:\s+(-?[\d.]+) LUFS", report)
    return float(found[-1])


def encoded(store: Store, frames: Sequence[Path], sound: Path) -> tuple[Path, Path]:
    """Return the film as MP4 and as WebM."""
    sums = {frame: sum_of(frame) for frame in set(frames)}
    settings = [RECIPE, FRAME, EXACT, COLOUR, H264, AAC, AV1, OPUS, ffmpeg_version()]

    def make(targets: Sequence[Path]) -> None:
        row = store.bench("frames")
        for number, frame in enumerate(frames):
            (row / f"{number:05}.png").symlink_to(frame.resolve())
        mp4, webm = targets
        run(
            "ffmpeg", "-v", "error", "-framerate", str(1000 // FRAME), "-i", row / "%05d.png", "-i", sound,
            *COLOUR, *H264, *AAC, *EXACT, "-movflags", "+faststart", "-shortest", mp4,
            *COLOUR, *AV1, *OPUS, *EXACT, "-shortest", webm,
        )  # fmt: skip

    ingredients = [settings, [sums[frame] for frame in frames], sum_of(sound)]
    mp4, webm = store.files("films", ingredients, (".mp4", ".webm"), make)
    return mp4, webm


def small_picture(store: Store, png: Path, *, width: int, quality: int) -> Path:
    """Return a picture as WebP of a width."""
    settings = [
        "-vf",
        f"scale={width}:-2:flags=lanczos",
        "-c:v",
        "libwebp",
        "-quality",
        str(quality),
        "-preset",
        "drawing",
    ]

    def make(target: Path) -> None:
        run("ffmpeg", "-v", "error", "-i", png, *settings, "-compression_level", "6", *EXACT, target)

    return store.file("pictures", [RECIPE, sum_of(png), settings, ffmpeg_version()], ".webp", make)
