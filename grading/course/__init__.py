"""What a course decides: points, deadlines, overrides, comments; final grades; what differs between two gradings."""
