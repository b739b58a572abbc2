"""What whoever runs RAMSESS does beside the pages: backups, restores, traces, retention."""
