"""Who is recognised: the register of trusted issuers."""
