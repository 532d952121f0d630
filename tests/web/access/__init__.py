"""Who may come in where: every route, through the eyes of everybody."""
