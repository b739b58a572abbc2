"""What a limited child process does with files from outside; it loads nothing of ours."""
