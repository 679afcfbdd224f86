"""What happens to a file before others may have it: it is looked into, drawn anew if it is a picture, and scanned."""
