"""Spreadsheets of delegations, delegates, cases and meeting requests."""
