"""What stands before the API says the same as the functions do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from sheaf.edge.responses import SECURITY_HEADERS

EDGE = yaml_parse((Path(__file__).parents[3] / "infra" / "edge.yaml").read_text())["Resources"]


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
