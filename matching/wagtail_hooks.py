"""What the matching adds to the admin; each subject registers its own hooks."""
