"""SQLite: everything that must survive a restart. The only room with SQL."""
