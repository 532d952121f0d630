"""What people see: views that fetch, templates that show."""
