"""Who may do what, and whom certificates prove."""
