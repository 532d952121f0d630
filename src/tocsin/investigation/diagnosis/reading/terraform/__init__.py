"""One run of Terraform, OpenTofu or their kin: what it said, and how its errors are recognised."""
