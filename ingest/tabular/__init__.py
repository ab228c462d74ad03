"""Tables as people keep them: any format and encoding in, rows of text with their line numbers out."""
