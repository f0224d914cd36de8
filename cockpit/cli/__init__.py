"""The command line: every act of the screens for scripts and cron, through the same use-cases."""
