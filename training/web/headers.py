"""What every answer tells the browser: a strict policy, and how long it may be kept."""

from flask import Flask, Response

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""Content Security Policy, level 3: nothing inline, nothing from elsewhere."""

HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cache-Control": "private, no-cache",
}


def init_headers(app: Flask, *, behind_tls: bool) -> None:
    """Set the headers on every answer that has not set its own."""
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if behind_tls else {})
    ours = {name.lower(): (name, value) for name, value in headers.items()}

    @app.after_request
    def tell(response: Response) -> Response:
        own = {name.lower() for name, _value in response.headers}
        response.headers.extend([ours[name] for name in ours if name not in own])
        return response
