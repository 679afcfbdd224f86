"""An identity provider as a process of its own: `python oidc_server.py` prints its address and serves until ended.

It keeps to OpenID Connect (discovery, authorization code) and, other than the package alone, insists on PKCE.
"""

import base64
import hashlib
import json
import sys
from typing import Any

import flask
import oidc_provider_mock
from werkzeug.serving import make_server

CHALLENGES: set[str] = set()


def application(people: list[dict[str, Any]]) -> flask.Flask:
    """`people` are claims; `sub` names the person on the provider's form."""
    users = [
        oidc_provider_mock.User(sub=claims["sub"], claims={k: v for k, v in claims.items() if k != "sub"})
        for claims in people
    ]
    app = oidc_provider_mock.app(user_claims=users)

    @app.before_request
    def insist_on_pkce() -> Any:
        if flask.request.path == "/oauth2/authorize" and flask.request.method == "GET":
            if flask.request.args.get("code_challenge_method") != "S256":
                return "PKCE is required", 400
            CHALLENGES.add(flask.request.args["code_challenge"])
        if flask.request.path == "/oauth2/token":
            verifier = flask.request.form.get("code_verifier", "")
            digest = hashlib.sha256(verifier.encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() not in CHALLENGES:
                return flask.jsonify({"error": "invalid_grant"}), 400
        return None

    return app


if __name__ == "__main__":
    server = make_server("127.0.0.1", 0, application(json.loads(sys.argv[1])), threaded=True)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201
    server.serve_forever()
