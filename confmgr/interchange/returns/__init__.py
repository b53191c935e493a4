"""The form of a reporting round as a workbook: out, and in again."""
