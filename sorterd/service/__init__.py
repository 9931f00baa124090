"""Run under a service manager: notifications, watchdog, installed units."""
