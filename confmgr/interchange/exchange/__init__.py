"""Cases and leads out, as STIX 2.1, JSON and a workbook, and in again from the JSON: docs/data-format.md."""
