"""What a person may ask of the data that is kept of them: a copy, and its deletion."""
