"""System checks that tell a self-hoster what is misconfigured, with the fix in the hint."""
