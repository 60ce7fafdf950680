"""Who works here: users, roles, sessions, keys of other systems, and the audit log."""
