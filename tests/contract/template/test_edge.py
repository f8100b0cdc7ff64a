"""What stands before the API says the same as the functions do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from sheaf.edge.responses import SECURITY_HEADERS
from sheaf.edge.viewer import PROOF, VIEWER

ROOT = Path(__file__).parents[3]
EDGE = yaml_parse((ROOT / "infra" / "edge.yaml").read_text())["Resources"]


def test_answers_of_the_gateway_carry_the_headers_of_ours() -> None:
    config = EDGE["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    said: dict[str, Any] = config["SecurityHeadersConfig"]
    transport = said["StrictTransportSecurity"]
    assert {
        "strict-transport-security": f"max-age={transport['AccessControlMaxAgeSec']}; includeSubDomains",
        "x-content-type-options": "nosniff",
        "x-frame-options": said["FrameOptions"]["FrameOption"],
        "referrer-policy": said["ReferrerPolicy"]["ReferrerPolicy"],
        "content-security-policy": said["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        **{item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]},
    } == SECURITY_HEADERS
    assert transport["IncludeSubdomains"] is True


def test_only_tls_reaches_the_api() -> None:
    config = EDGE["Distribution"]["Properties"]["DistributionConfig"]
    assert config["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    [origin] = config["Origins"]
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"


def test_the_api_learns_who_the_viewer_is() -> None:
    config = EDGE["Distribution"]["Properties"]["DistributionConfig"]
    [origin] = config["Origins"]
    [added] = origin["OriginCustomHeaders"]["Fn::If"][1]
    assert (added["HeaderName"], added["HeaderValue"]) == (PROOF, {"Ref": "EdgeSecret"})
    [function] = config["DefaultCacheBehavior"]["FunctionAssociations"]
    assert function["EventType"] == "viewer-request"
    assert (
        f'headers["{VIEWER}"] = {{value: event.viewer.ip}}'
        in EDGE["ViewerAddress"]["Properties"]["FunctionCode"]
    )


@pytest.mark.parametrize("template", ["template.yaml", "infra/edge.yaml"])
def test_the_secret_of_the_edge_is_shown_to_nobody(template: str) -> None:
    assert yaml_parse((ROOT / template).read_text())["Parameters"]["EdgeSecret"]["NoEcho"] is True
