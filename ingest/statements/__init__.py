"""What people of the office know themselves: statements with author, date and reason, never overwritten."""
