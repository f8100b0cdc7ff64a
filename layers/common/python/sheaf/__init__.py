"""The application.

botocore loads pyOpenSSL where it is installed (passkeys need it) and makes no use of it: that would cost
every cold start 280 million instructions and 10 MiB.
"""

import sys

sys.modules.setdefault("urllib3.contrib.pyopenssl", None)  # type: ignore[arg-type]  # "there is none"
