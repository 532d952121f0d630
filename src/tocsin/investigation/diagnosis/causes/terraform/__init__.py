"""Causes of failed runs of Terraform and OpenTofu, one file each."""
