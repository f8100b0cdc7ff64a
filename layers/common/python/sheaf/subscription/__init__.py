"""What a workspace itself pays for Sheaf: plans, quotas, what its payment provider says."""
