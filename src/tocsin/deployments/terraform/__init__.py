"""Terraform and OpenTofu: their logs, plans, policy results and cost estimates, from bytes to values. Pure."""
