"""The machines and the control plane: what keeps them from being ready, and whom they put out."""
