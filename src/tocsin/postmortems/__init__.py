"""What is learned from an incident that is over: its postmortem, drafted from the record and finished by people."""
