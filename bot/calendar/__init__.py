"""Working days and shop hours: where a term becomes an instant."""
