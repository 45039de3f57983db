"""The month's plan from a spreadsheet: reading cells, checking rows, making events of them."""
