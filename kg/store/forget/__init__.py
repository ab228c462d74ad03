"""Forgetting a person: their claims go, their name is taken out of every text, and keyed marks keep both from coming back."""
